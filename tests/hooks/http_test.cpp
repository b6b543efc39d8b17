#include "core/crypto.h"
#include "core/failure.h"
#include "tests/hooks/samples.h"

#include <catch2/catch.hpp>

#include <map>

namespace slipway::hooks {
namespace {

Settings sample(const std::string& url = "https://cmdb.acme.example/hook") {
  return settings(
      {{"kind", text("http")}, {"url", text(url)}, {"secret", settings({{"env", text("CMDB_SECRET")}})}});
}

struct Sink {
  Fakes fakes;
  TextOutput log;
  std::unique_ptr<Hook> hook = make("http", sample(), fakes.tools());

  const HttpRequest& sent(const HookEvent& event) {
    hook->handle(event, {}, log, {});
    return fakes.http.requests.back();
  }
};

std::string header(const HttpRequest& request, const std::string& name) {
  for (const auto& [key, value] : request.headers)
    if (key == name) return value;
  return "(none)";
}

TEST_CASE("an event is posted with who, what and why") {
  Sink sink;
  HookEvent changed = event(MachineEvent::Changed, machine("web-1", "10.0.0.2", {9100}));
  changed.before = {machine("web-1", "10.0.0.1")};
  changed.attempt = 2;
  const HttpRequest& request = sink.sent(changed);
  CHECK(request.method == "POST");
  CHECK(request.url == "https://cmdb.acme.example/hook");
  CHECK(header(request, "Content-Type") == "application/json");
  CHECK(header(request, "X-Slipway-Event") == "machine.changed");
  CHECK(header(request, "Idempotency-Key") == changed.key);
  Json body = *parse_json(request.body);
  CHECK(body["sent"].number().text == header(request, "X-Slipway-Timestamp"));
  CHECK(body["machine"] == changed.machine.to_json());
  CHECK(body["before"] == changed.before[0].to_json());
  CHECK(body["attempt"] == Json(2));
  CHECK(body["state"].dump() ==
        R"({"dir":"prod/web","forge":"github","lineage":"0a1b2c3d","repo":"acme/infra","serial":7,)"
        R"("terraform_version":"1.11.4","workspace":"default"})");
  CHECK(body["cause"].dump() == R"({"actor":"alice","at":"2025-11-22T08:26:40.000Z","commit":")" +
                                    std::string(40, 'c') +
                                    R"(","pull":12,"reason":"#12 Add two web servers","run":"f00d"})");
  CHECK(sink.log.text == "cmdb.acme.example answered 200 to machine.changed of web-1\n");
}

TEST_CASE("each kind of event has a name, and one that was not changed has no before") {
  Sink sink;
  const std::map<MachineEvent, std::string> names = {{MachineEvent::Created, "machine.created"},
                                                     {MachineEvent::Changed, "machine.changed"},
                                                     {MachineEvent::Replaced, "machine.replaced"},
                                                     {MachineEvent::Destroyed, "machine.destroyed"}};
  for (const auto& [what, name] : names) {
    const HttpRequest& request = sink.sent(event(what, machine("web-1", "")));
    CHECK(header(request, "X-Slipway-Event") == name);
    CHECK(*parse_json(request.body)->find("event") == Json(name));
    CHECK(parse_json(request.body)->find("before")->is_null());
  }
}

TEST_CASE("a request is signed as GitHub signs its webhooks") {
  Sink sink;
  const HttpRequest& request = sink.sent(event(MachineEvent::Created, machine("web-1", "10.0.0.1")));
  CHECK(header(request, "X-Slipway-Signature-256") ==
        "sha256=" + to_hex(hmac_sha256("secret of CMDB_SECRET", request.body)));
}

TEST_CASE("an attempt that is made again has the same key") {
  Sink sink;
  const HookEvent created = event(MachineEvent::Created, machine("web-1", "10.0.0.1"));
  const std::string first = header(sink.sent(created), "Idempotency-Key");
  CHECK(header(sink.sent(created), "Idempotency-Key") == first);
}

/// How the hook fails when it is answered so.
Failure failure(HttpResponse response, const std::string& url = "https://cmdb.acme.example/hook") {
  Fakes fakes;
  fakes.http.response = std::move(response);
  TextOutput log;
  try {
    make("http", sample(url), fakes.tools())
        ->handle(event(MachineEvent::Created, machine("a", "")), {}, log, {});
  } catch (const Failure& thrown) {
    return thrown;
  }
  FAIL("it was taken for an answer");
  return Failure("");
}

TEST_CASE("any 2xx is an answer") {
  for (const int status : {200, 201, 202, 204}) {
    Fakes fakes;
    fakes.http.response.status = status;
    TextOutput log;
    CHECK_NOTHROW(make("http", sample(), fakes.tools())
                      ->handle(event(MachineEvent::Created, machine("a", "")), {}, log, {}));
  }
}

TEST_CASE("what may pass is tried again, what will not is final") {
  for (const int status : {408, 425, 429, 500, 502, 503})
    CHECK(failure({status, {}, {}}).retry() == Retry::Later);
  for (const int status : {301, 302, 400, 401, 403, 404, 409, 410, 422})
    CHECK(failure({status, {}, {}}).retry() == Retry::Never);
}

TEST_CASE("Retry-After is kept to, within a day") {
  CHECK(failure({503, {{"retry-after", "120"}}, {}}).retry_after() == std::chrono::seconds(120));
  CHECK(failure({429, {{"Retry-After", "99999999999"}}, {}}).retry_after() == std::chrono::hours(24));
  for (const std::string text : {"", "soon", "-1", "Sat, 22 Nov 2025 13:00:00 GMT"})
    CHECK_FALSE(failure({503, {{"Retry-After", text}}, {}}).retry_after());
}

TEST_CASE("a refusal tells what was answered, and no secret of the address") {
  CHECK(std::string(failure({422, {}, "no such\nhost\x1b[31m \xc3\xa4" + std::string(500, 'x')}).what())
            .starts_with("cmdb.acme.example answered 422: no such host [31m   xxx"));
  CHECK(std::string(failure({404, {}, {}}, "https://user:pass@cmdb.acme.example/hook?token=t").what()) ==
        "cmdb.acme.example answered 404");
}

}  // namespace
}  // namespace slipway::hooks
