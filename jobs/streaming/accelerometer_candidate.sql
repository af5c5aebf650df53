-- The landed readings that may be used some day: all of them, since consent may still be given.
SELECT canonical(`user`) AS account, `timestamp`, x, y, z
FROM accelerometer_landing;
