-- Every row of one stream with every row of another that has the same key, which stands for an instant:
-- instant_join(a => TABLE x PARTITION BY moment, b => TABLE y PARTITION BY moment, on_time => DESCRIPTOR(event_time)).
-- What an interval join over an interval of length zero gives, for half of its time. Of streams only.
CREATE TEMPORARY SYSTEM FUNCTION instant_join AS 'io.stedi.lakehouse.function.InstantJoin';
