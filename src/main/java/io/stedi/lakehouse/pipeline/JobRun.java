package io.stedi.lakehouse.pipeline;

import io.stedi.lakehouse.lake.Lake;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * A run as its job knows it.
 *
 * @param id the run's id
 * @param catalog the properties of the catalog
 * @param database the database of the tables
 * @param published the tables that are published at the end of the job; none if it commits as it
 *     goes
 */
record JobRun(String id, Map<String, String> catalog, String database, List<String> published)
    implements Serializable {

  Lake openLake() {
    return Lake.open(catalog, database);
  }
}
