#include "core/http_client.h"

#include "bot/net/http_server.h"
#include "core/failure.h"
#include "core/guarded.h"
#include "tests/net/wire.h"

#include <catch2/catch.hpp>

#include <atomic>
#include <functional>
#include <thread>

namespace slipway::net {
namespace {

using namespace std::chrono_literals;

/// A server that says what each test writes, one connection after the other.
class Script {
 public:
  using Turn = std::function<void(Wire)>;
  explicit Script(std::vector<Turn> turns)
      : thread_([this, turns = std::move(turns)] {
          for (const Turn& turn : turns) {
            turn(door_.accept());
            ++taken_;
          }
        }) {}
  std::string url(const std::string& path = "/") const { return "http://" + place() + path; }
  std::string place() const { return "127.0.0.1:" + std::to_string(door_.port()); }
  int taken() const { return taken_; }

 private:
  Door door_;
  std::atomic<int> taken_{0};
  std::jthread thread_;
};

/// Reads one request and answers with these bytes.
Script::Turn say(const std::string& bytes) {
  return [bytes](Wire wire) {
    wire.until("\r\n\r\n");
    wire.send_what_fits(bytes);
  };
}

HttpRequest get(const std::string& url, std::chrono::milliseconds timeout = kStuck) {
  return {.url = url, .headers = {}, .body = {}, .timeout = timeout};
}

std::string refusal(HttpClient& client, const HttpRequest& request, Retry expected = Retry::Later) {
  try {
    client.send(request, {});
    return "";
  } catch (const Failure& failure) {
    CHECK(failure.retry() == expected);
    return failure.what();
  }
}

const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

}  // namespace

TEST_CASE("a client sends what it is given and returns what it hears") {
  Router router;
  router.add("PATCH", "/a/{b}", [](const Request& request) {
    Response response =
        Response::json(418, request.path + request.body + std::string(request.header("x-one")));
    response.headers.emplace_back("Link", "<x>; rel=\"next\"");
    return response;
  });
  HttpServer server({}, router);
  const auto client = make_http_client("");
  const HttpRequest request{.method = "PATCH",
                            .url = "http://127.0.0.1:" + std::to_string(server.port()) + "/a/b%20c?d",
                            .headers = {{"X-One", "1"}},
                            .body = "{}"};
  const HttpResponse response = client->send(request, {});
  CHECK(response.status == 418);
  CHECK(response.body == "/a/b c{}1");
  CHECK(response.header("link") == "<x>; rel=\"next\"");
}

TEST_CASE("requests to one host share connections that are kept") {
  Router router;
  router.add("GET", "/a", [](const Request&) { return Response::text(200, "a"); });
  HttpServer server({}, router);
  const auto client = make_http_client("");
  const std::string url = "http://127.0.0.1:" + std::to_string(server.port()) + "/a";
  for (int n = 0; n < 50; ++n) REQUIRE(client->send(get(url), {}).status == 200);
  CHECK(server.counts().connections == 1);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int n = 0; n < 25; ++n) client->send(get(url), {});
      });
  }
  CHECK(server.counts().requests == 150);
  CHECK(server.counts().connections <= 4);
}

TEST_CASE("a client that is asked to close does, and connects again for the next request") {
  Script script({say("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\na"), say(kOk)});
  const auto client = make_http_client("");
  CHECK(client->send(get(script.url()), {}).body == "a");
  CHECK(client->send(get(script.url()), {}).body == "ok");
}

TEST_CASE("answers without length, in chunks, after 100, and to HEAD are understood") {
  Script script(
      {say("HTTP/1.1 200 OK\r\n\r\nuntil the end"),
       say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nab\r\n0\r\n\r\n"),
       say("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nc"),
       say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n")});
  const auto client = make_http_client("");
  CHECK(client->send(get(script.url()), {}).body == "until the end");
  CHECK(client->send(get(script.url()), {}).body == "ab");
  CHECK(client->send(get(script.url()), {}).body == "c");
  HttpRequest head = get(script.url());
  head.method = "HEAD";
  CHECK(client->send(head, {}).header("content-length") == "5");
}

TEST_CASE("a redirect is an answer") {
  Script script(
      {say("HTTP/1.1 302 Found\r\nLocation: http://elsewhere.example/\r\nContent-Length: 0\r\n\r\n")});
  const auto client = make_http_client("");
  CHECK(client->send(get(script.url()), {}).status == 302);
}

TEST_CASE("a kept connection that the server has closed is replaced without a word") {
  Script script({say(kOk), say(kOk)});
  const auto client = make_http_client("");
  CHECK(client->send(get(script.url()), {}).body == "ok");
  while (script.taken() < 1) std::this_thread::yield();  // it closed the first one
  HttpRequest post = get(script.url());
  post.method = "POST";
  CHECK(client->send(post, {}).body == "ok");
}

TEST_CASE("a kept connection that breaks under a request is tried again only if that is safe") {
  const bool is_safe = GENERATE(true, false);
  Script::Turn breaks = [](Wire wire) {
    wire.until("\r\n\r\n");
    wire.send(kOk);
    wire.until("\r\n\r\n");
    wire.reset();
  };
  Guarded<bool> has_second;
  std::vector<Script::Turn> turns{breaks};
  if (is_safe) turns.push_back(say(kOk));
  Script script(std::move(turns));
  const auto client = make_http_client("");
  CHECK(client->send(get(script.url()), {}).body == "ok");
  HttpRequest second = get(script.url());
  second.method = is_safe ? "PUT" : "POST";
  if (is_safe) {
    CHECK(client->send(second, {}).body == "ok");
  } else {
    CHECK(refusal(*client, second) == script.place() + " gave no answer: connection reset by peer");
  }
}

TEST_CASE("what goes wrong on the way is a sentence that names the host") {
  const auto client = make_http_client("");
  SECTION("nobody listens") {
    std::string place;
    {
      const Door door;
      place = "127.0.0.1:" + std::to_string(door.port());
    }
    CHECK(refusal(*client, get("http://" + place + "/")) == "cannot reach " + place + ": connection refused");
  }
  SECTION("it closes without an answer") {
    Script script({say("")});
    CHECK(refusal(*client, get(script.url())) ==
          script.place() + " gave no answer: it closed the connection");
  }
  SECTION("its answer breaks off") {
    Script script({say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe")});
    CHECK(refusal(*client, get(script.url())) ==
          script.place() + " broke off in the middle of its answer: it closed the connection");
  }
  SECTION("it resets in the middle of its answer") {
    Script script({[](Wire wire) {
      wire.until("\r\n\r\n");
      wire.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
      wire.reset();
    }});
    CHECK(
        refusal(*client, get(script.url())).find(script.place() + " broke off in the middle of its answer") ==
        0);
  }
  SECTION("it does not speak HTTP") {
    Script script({say("SSH-2.0-OpenSSH_9.2\r\n")});
    CHECK(refusal(*client, get(script.url())).find(script.place() + " does not speak HTTP as it should: ") ==
          0);
  }
  SECTION("its name does not exist") {
    CHECK(refusal(*client, get("http://nowhere.invalid/"))
              .find("cannot reach nowhere.invalid:80: its name was not resolved") == 0);
  }
  SECTION("the URL is none") {
    CHECK(refusal(*client, get("forge.example"), Retry::Never) ==
          "cannot ask forge.example: a URL begins with https:// or http://");
  }
}

TEST_CASE("an answer over the caller's limit is not read to its end") {
  Script script(
      {say("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n"), say("HTTP/1.1 200 OK\r\n\r\n01234567890")});
  const auto client = make_http_client("");
  HttpRequest request = get(script.url());
  request.max_response = 10;
  CHECK(refusal(*client, request, Retry::Never) ==
        "the answer of " + script.place() + " has more than 10 bytes");
  CHECK(refusal(*client, request, Retry::Never) ==
        "the answer of " + script.place() + " has more than 10 bytes");
}

TEST_CASE("a server that says nothing, or drop by drop, is given up at the deadline") {
  const bool drips = GENERATE(false, true);
  Script script({[drips](Wire wire) {
    wire.until("\r\n\r\n");
    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
    if (!drips) {
      wire.rest();
      return;
    }
    while (wire.send_what_fits("x") == 1) std::this_thread::yield();
  }});
  const auto client = make_http_client("");
  HttpRequest request = get(script.url(), 60ms);
  request.max_response = 1u << 30;
  CHECK(refusal(*client, request) == script.place() + " did not answer within 60 ms");
}

TEST_CASE("a stop ends a request at once") {
  Guarded<bool> is_asked;
  Script script({[&](Wire wire) {
    wire.until("\r\n\r\n");
    is_asked.change([](bool& asked) { asked = true; });
    wire.rest();
  }});
  const auto client = make_http_client("");
  std::stop_source stop;
  std::jthread stopping([&] {
    is_asked.wait_until(std::chrono::steady_clock::now() + kStuck, std::stop_token(),
                        [](bool asked) { return asked; });
    stop.request_stop();
  });
  CHECK_THROWS_AS(client->send(get(script.url(), 1h), stop.get_token()), Stopped);
  CHECK_THROWS_AS(client->send(get(script.url(), 1h), stop.get_token()), Stopped);
}

TEST_CASE("a server that refuses a body before it has all of it is heard") {
  Script script({[](Wire wire) {
    wire.until("\r\n\r\n");
    wire.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
    wire.rest();
  }});
  const auto client = make_http_client("");
  HttpRequest request = get(script.url());
  request.method = "POST";
  request.body = std::string(4u << 20, 'x');
  const HttpResponse response = client->send(request, {});
  CHECK(response.status == 413);
  CHECK(response.body == "big");
}

TEST_CASE("a client goes away while an exchange that was given up still hangs") {
  Script script({[](Wire wire) { wire.rest(); }});
  auto client = make_http_client("");
  CHECK_THROWS_AS(client->send(get(script.url(), 10ms), {}), Failure);
  client.reset();
}

TEST_CASE("addresses of one name are tried in their order") {
  // localhost is ::1 first on many systems; the server is on 127.0.0.1 alone.
  Router router;
  router.add("GET", "/a", [](const Request&) { return Response::text(200, "a"); });
  HttpServer server({}, router);
  const auto client = make_http_client("");
  CHECK(client->send(get("http://localhost:" + std::to_string(server.port()) + "/a"), {}).status == 200);
}

}  // namespace slipway::net
