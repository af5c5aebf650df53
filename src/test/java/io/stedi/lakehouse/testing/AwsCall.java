package io.stedi.lakehouse.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A call of an AWS service as a policy sees it.
 *
 * @param action such as {@code s3:GetObject} or {@code glue:UpdateTable}
 * @param resource for S3 {@code bucket/key}, or {@code bucket?prefix} where a bucket is listed; for
 *     Glue {@code database} or {@code database/table}; else the id that the call names
 */
public record AwsCall(String action, String resource) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern KEY = Pattern.compile("<Key>([^<]*)</Key>");
  private static final Pattern PREFIX = Pattern.compile("(?:^|&)prefix=([^&]*)");

  /** What a request calls; several where it deletes several objects. */
  static List<AwsCall> of(String method, URI uri, String target, String copySource, byte[] body) {
    return target == null ? s3(method, uri, copySource, body) : List.of(json(target, body));
  }

  private static AwsCall json(String target, byte[] body) {
    String operation = target.substring(target.indexOf('.') + 1);
    try {
      JsonNode request = JSON.readTree(body);
      if (target.startsWith("AWSGlue.")) {
        String database = request.path("DatabaseName").asText(request.path("Name").asText(""));
        String table =
            request.path("TableInput").path("Name").asText(request.path("Name").asText(""));
        boolean ofTable = request.has("DatabaseName") && !table.isEmpty();
        return new AwsCall("glue:" + operation, ofTable ? database + "/" + table : database);
      }
      return new AwsCall(
          target.substring(0, target.indexOf('.')) + ":" + operation,
          request.path("SecretId").asText());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<AwsCall> s3(String method, URI uri, String copySource, byte[] body) {
    String place = uri.getPath().replaceFirst("^/", "").replaceFirst("/$", "");
    String query = uri.getQuery() == null ? "" : uri.getQuery();
    boolean ofBucket = !place.contains("/");
    if (ofBucket && method.equals("POST")) {
      List<AwsCall> deletions = new ArrayList<>();
      Matcher keys = KEY.matcher(new String(body, StandardCharsets.UTF_8));
      while (keys.find()) {
        deletions.add(new AwsCall("s3:DeleteObject", place + "/" + keys.group(1)));
      }
      return deletions;
    }
    if (ofBucket) {
      Matcher prefix = PREFIX.matcher(query);
      return List.of(
          new AwsCall("s3:ListBucket", place + "?" + (prefix.find() ? prefix.group(1) : "")));
    }
    List<AwsCall> calls = new ArrayList<>();
    if (copySource != null) {
      calls.add(new AwsCall("s3:GetObject", copySource.replaceFirst("^/", "")));
    }
    boolean upload = query.contains("uploadId=");
    calls.add(
        new AwsCall(
            switch (method) {
              case "GET", "HEAD" -> upload ? "s3:ListMultipartUploadParts" : "s3:GetObject";
              case "DELETE" -> upload ? "s3:AbortMultipartUpload" : "s3:DeleteObject";
              default -> "s3:PutObject";
            },
            place));
    return calls;
  }
}
