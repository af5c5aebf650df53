CREATE TABLE IF NOT EXISTS rejected_landing (
  kind STRING COMMENT 'kind of record expected in the file: customer, accelerometer or step_trainer',
  source_file STRING COMMENT 'file the fragment was read from, relative to the input',
  source_offset BIGINT COMMENT 'offset of the fragment in the decompressed file, bytes',
  source_length BIGINT COMMENT 'length of the fragment, bytes',
  reason STRING COMMENT 'why the fragment is not a valid record',
  fragment BYTES COMMENT 'the first bytes of the fragment, as they came',
  account STRING COMMENT 'account of the e-mail address that the fragment names, null if none: its consent may be out of date',
  command STRING COMMENT 'the command whose input it was in: run or prepare; each replaces its own rows only'
) PARTITIONED BY (command) WITH (
  'comment' = 'every fragment of the input that is not a valid record, append-only',
  'stedi.forget.cleared' = 'fragment, account',
  'write.distribution-mode' = 'none',
  'write.metadata.metrics.column.fragment' = 'none',
  'write.metadata.metrics.column.account' = 'counts'
);
