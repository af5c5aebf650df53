package io.stedi.lakehouse.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * Calls AWS services by their three protocols. Requests are not signed: they only name the service,
 * which is all that an imitation of AWS wants to know.
 */
public final class AwsHttp {

  private static final ObjectMapper JSON = new ObjectMapper();

  static final String REGION = "us-east-1";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI endpoint;

  public AwsHttp(URI endpoint) {
    this.endpoint = endpoint;
  }

  /** A call of a service with parameters in a form and an answer in XML, such as EC2 and IAM. */
  public Element query(String service, String version, Map<String, String> parameters)
      throws IOException, InterruptedException {
    String form =
        parameters.entrySet().stream()
            .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
            .collect(Collectors.joining("&", "Version=" + version + "&", ""));
    return xml(
        send(
            request(service, "/")
                .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(form))));
  }

  /** A call of a service that takes and gives JSON. */
  public JsonNode json(String service, String target, Map<String, ?> body)
      throws IOException, InterruptedException {
    return JSON.readTree(
        send(
            request(service, "/")
                .header("Content-Type", "application/x-amz-json-1.1")
                .header("X-Amz-Target", target)
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))));
  }

  /** Makes a bucket or an object. */
  public void put(String path, byte[] body) throws IOException, InterruptedException {
    send(request("s3", path).PUT(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  /** What S3 says of a bucket. */
  public String get(String bucketPath) throws IOException, InterruptedException {
    return send(request("s3", bucketPath).GET());
  }

  /** The keys of the first thousand objects of a bucket below a prefix. */
  public List<String> keys(String bucket, String prefix) throws IOException, InterruptedException {
    return texts(xml(get("/%s?list-type=2&prefix=%s".formatted(bucket, encode(prefix)))), "Key");
  }

  /** An object; empty if there is none, which moto may still list. */
  public Optional<byte[]> bytes(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        client.send(request("s3", path).GET().build(), HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() == 404) {
      return Optional.empty();
    }
    if (response.statusCode() != 200) {
      throw new IOException("GET %s: %d".formatted(path, response.statusCode()));
    }
    return Optional.of(response.body());
  }

  /** The texts of all elements of a name, in the order of the document. */
  public static List<String> texts(Element root, String name) {
    NodeList nodes = root.getElementsByTagName(name);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent().strip());
    }
    return texts;
  }

  private HttpRequest.Builder request(String service, String path) {
    return HttpRequest.newBuilder(endpoint.resolve(path))
        .timeout(Duration.ofSeconds(60))
        .header(
            "Authorization",
            ("AWS4-HMAC-SHA256 Credential=test/20250101/%s/%s/aws4_request,"
                    + " SignedHeaders=host, Signature=0")
                .formatted(REGION, service));
  }

  private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpRequest built = request.build();
    HttpResponse<String> response = client.send(built, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IOException(
          "%s %s: %d %s"
              .formatted(built.method(), built.uri(), response.statusCode(), response.body()));
    }
    return response.body();
  }

  private static Element xml(String text) throws IOException {
    try {
      Document document =
          DocumentBuilderFactory.newDefaultInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(text)));
      return document.getDocumentElement();
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException("no XML: " + text, e);
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
