package io.stedi.lakehouse.source;

import java.io.Serializable;
import java.time.Duration;

/**
 * How a folder is watched.
 *
 * @param interval the time between two looks at it
 * @param settleTime for how long a file must be seen unchanged before it is read
 * @param patience for how long the folder may be impossible to list before the job fails
 */
record Watch(Duration interval, Duration settleTime, Duration patience) implements Serializable {}
