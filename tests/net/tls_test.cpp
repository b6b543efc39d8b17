#include "bot/net/tls.h"

#include "core/failure.h"
#include "tests/net/certificate.h"
#include "tests/net/said.h"
#include "tests/net/wire.h"

#include <catch2/catch.hpp>

namespace slipway::net {
namespace {

using namespace std::chrono_literals;

/// A server under TLS for "localhost" and 127.0.0.1, or for what a test says, and the authority that vouches
/// for it.
struct Secured {
  explicit Secured(const std::string& names = "DNS:localhost,IP:127.0.0.1", int days = 1,
                   const Limits& limits = {}) {
    const Certificate ca = Certificate::authority("a bank's own authority");
    const Certificate server = Certificate::issued(ca, names, days);
    ca_file = files.write("ca.pem", ca.pem());
    options.tls = {.certificate = files.write("server.pem", server.pem() + ca.pem()),
                   .key = files.write("server.key", server.key_pem())};
    options.limits = limits;
    router.add("GET", "/a",
               [](const Request& request) { return Response::text(200, "for " + request.peer); });
    router.add("POST", "/a", [](const Request& request) {
      return Response::text(200, std::to_string(request.body.size()));
    });
    router.add("GET", "/large",
               [](const Request&) { return Response::text(200, std::string(3u << 20, 'x')); });
    started = std::make_unique<HttpServer>(options, router);
  }
  std::string url(const std::string& host, const std::string& path = "/a") const {
    return "https://" + host + ":" + std::to_string(started->port()) + path;
  }

  Files files;
  std::string ca_file;
  Router router;
  ServerOptions options;
  std::unique_ptr<HttpServer> started;
};

HttpResponse fetch(HttpClient& client, const std::string& url) {
  return client.send({.url = url, .headers = {}, .body = {}, .timeout = kStuck}, {});
}

}  // namespace

TEST_CASE("a server whose authority the client is given is trusted, by name and by address") {
  const Secured secured;
  const auto client = make_http_client(secured.ca_file);
  CHECK(fetch(*client, secured.url("localhost")).body == "for 127.0.0.1");
  CHECK(fetch(*client, secured.url("127.0.0.1")).body == "for 127.0.0.1");
  CHECK(fetch(*client, secured.url("localhost", "/large")).body.size() == 3u << 20);
  const HttpRequest large{.method = "POST",
                          .url = secured.url("localhost"),
                          .headers = {},
                          .body = std::string(3u << 20, 'x'),
                          .timeout = kStuck};
  CHECK(client->send(large, {}).body == "3145728");
  CHECK(secured.started->counts().connections == 2);  // one for each name, kept
}

TEST_CASE("a server whose authority nobody knows is refused with the reason") {
  const Secured secured;
  const auto client = make_http_client("");
  CHECK_THROWS_WITH(fetch(*client, secured.url("localhost")),
                    Catch::StartsWith("the certificate of localhost:") &&
                        Catch::EndsWith("is not trusted: self-signed certificate in certificate chain"));
}

TEST_CASE("a certificate for another host is refused, by name and by address") {
  const Secured secured("DNS:forge.example,IP:192.0.2.1");
  const auto client = make_http_client(secured.ca_file);
  CHECK_THROWS_WITH(fetch(*client, secured.url("localhost")),
                    Catch::EndsWith("is not trusted: hostname mismatch"));
  CHECK_THROWS_WITH(fetch(*client, secured.url("127.0.0.1")),
                    Catch::EndsWith("is not trusted: IP address mismatch"));
}

TEST_CASE("a certificate that is too old is refused") {
  const Secured secured("DNS:localhost", -1);
  const auto client = make_http_client(secured.ca_file);
  CHECK_THROWS_WITH(fetch(*client, secured.url("localhost")),
                    Catch::EndsWith("is not trusted: certificate has expired"));
}

TEST_CASE("speaking TLS with a plain server fails with a sentence, and so does the reverse") {
  const Secured secured;
  Router router;
  const HttpServer plain({}, router);
  const auto client = make_http_client(secured.ca_file);
  CHECK_THROWS_WITH(fetch(*client, "https://localhost:" + std::to_string(plain.port()) + "/"),
                    Catch::StartsWith("cannot speak TLS with localhost:"));
  CHECK_THROWS_WITH(fetch(*client, "http://localhost:" + std::to_string(secured.started->port()) + "/"),
                    Catch::Contains("localhost:"));
}

TEST_CASE("a client that begins no handshake is cut") {
  Limits limits;
  limits.header_deadline = 60ms;
  const Secured secured("DNS:localhost", 1, limits);
  Wire silent = Wire::to(secured.started->port());
  CHECK(silent.is_over());
  Wire slow = Wire::to(secured.started->port());
  slow.send(std::string("\x16\x03\x01\x02", 4));
  slow.rest();
  const auto client = make_http_client(secured.ca_file);
  CHECK(fetch(*client, secured.url("localhost")).status == 200);
}

TEST_CASE("a server under TLS stops while clients are connected") {
  const Secured secured;
  const auto client = make_http_client(secured.ca_file);
  fetch(*client, secured.url("localhost"));
  Wire silent = Wire::to(secured.started->port());
  secured.started->stop(10ms);
  CHECK(silent.is_over());
}

TEST_CASE("a file that is no certificate, no key, or not its key is named") {
  const Files files;
  const Certificate ca = Certificate::authority("one");
  const Certificate other = Certificate::authority("two");
  const std::string pem = files.write("a.pem", ca.pem());
  const std::string key = files.write("a.key", ca.key_pem());
  const std::string alien = files.write("b.key", other.key_pem());
  const std::string nonsense = files.write("c.pem", "nonsense");
  const std::string absent = files.path("absent");
  const auto refusal = [](const TlsFiles& tls) -> std::string {
    try {
      make_server_context(tls);
      return "";
    } catch (const Failure& failure) {
      return failure.what();
    }
  };
  CHECK(refusal({pem, key}).empty());
  CHECK(refusal({nonsense, key}) == "the certificate " + nonsense + " can't be used: no start line");
  CHECK(refusal({absent, key}) == "the certificate " + absent + " can't be used: No such file or directory");
  CHECK(refusal({pem, nonsense}).find("the private key " + nonsense + " can't be used: ") == 0);
  CHECK(refusal({pem, alien}) == "the private key " + alien + " can't be used: key values mismatch");
  CHECK_THROWS_WITH(make_http_client(absent), Catch::StartsWith("the certificate authority " + absent));
  CHECK_THROWS_WITH(make_http_client(nonsense), Catch::StartsWith("the certificate authority " + nonsense));
}

}  // namespace slipway::net
