package io.stedi.lakehouse.testing;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.core.fs.BlockLocation;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.core.fs.local.LocalFileSystem;

/**
 * Local files under a scheme of their own, {@code remote://host/path}, so that whoever takes a
 * place for a path of this machine fails.
 */
public final class RemoteFileSystem extends FileSystem {

  static final String SCHEME = "remote";

  private static final Map<String, Disturbance> DISTURBANCES = new ConcurrentHashMap<>();

  private final FileSystem local = LocalFileSystem.getSharedInstance();

  /** Happens when a file is opened. */
  @FunctionalInterface
  public interface Disturbance {

    void happen() throws IOException;
  }

  /** Found by Flink's service loading. */
  public static final class Factory implements FileSystemFactory {

    @Override
    public String getScheme() {
      return SCHEME;
    }

    @Override
    public FileSystem create(URI uri) {
      return new RemoteFileSystem();
    }
  }

  /** Where a local path is in this file system. */
  public static String uri(java.nio.file.Path path) {
    return SCHEME + "://host" + path.toAbsolutePath();
  }

  /** Disturbs the one who opens a file of a local path first. */
  public static void disturb(java.nio.file.Path path, Disturbance disturbance) {
    DISTURBANCES.put(path.toAbsolutePath().toString(), disturbance);
  }

  private static Path local(Path path) {
    return new Path("file", null, path.getPath());
  }

  private static Path remote(Path path) {
    return new Path(SCHEME, "host", path.getPath());
  }

  private record Status(FileStatus local) implements FileStatus {

    @Override
    public long getLen() {
      return local.getLen();
    }

    @Override
    public long getBlockSize() {
      return local.getBlockSize();
    }

    @Override
    public short getReplication() {
      return local.getReplication();
    }

    @Override
    public long getModificationTime() {
      return local.getModificationTime();
    }

    @Override
    public long getAccessTime() {
      return local.getAccessTime();
    }

    @Override
    public boolean isDir() {
      return local.isDir();
    }

    @Override
    public Path getPath() {
      return remote(local.getPath());
    }
  }

  @Override
  public Path getWorkingDirectory() {
    return remote(local.getWorkingDirectory());
  }

  @Override
  public Path getHomeDirectory() {
    return remote(local.getHomeDirectory());
  }

  @Override
  public URI getUri() {
    return URI.create(SCHEME + "://host/");
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    return new Status(local.getFileStatus(local(path)));
  }

  @Override
  public BlockLocation[] getFileBlockLocations(FileStatus file, long start, long length)
      throws IOException {
    return local.getFileBlockLocations(((Status) file).local(), start, length);
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    return local.open(local(path), bufferSize);
  }

  @Override
  public FSDataInputStream open(Path path) throws IOException {
    Disturbance disturbance = DISTURBANCES.remove(path.getPath());
    if (disturbance != null) {
      disturbance.happen();
    }
    if (local.getFileStatus(local(path)).getLen() == 0) {
      // As Flink's own file system for S3 has it.
      throw new FileNotFoundException(path.toString());
    }
    return local.open(local(path));
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    FileStatus[] found = local.listStatus(local(path));
    return found == null ? null : Arrays.stream(found).map(Status::new).toArray(FileStatus[]::new);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    return local.delete(local(path), recursive);
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    return local.mkdirs(local(path));
  }

  @Override
  public FSDataOutputStream create(Path path, WriteMode mode) throws IOException {
    return local.create(local(path), mode);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    return local.rename(local(from), local(to));
  }

  @Override
  public RecoverableWriter createRecoverableWriter() throws IOException {
    return local.createRecoverableWriter();
  }

  @Override
  public boolean isDistributedFS() {
    return true;
  }
}
