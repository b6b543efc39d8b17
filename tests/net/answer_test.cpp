#include "bot/net/answer.h"

#include "core/failure.h"
#include "core/log.h"

#include <catch2/catch.hpp>

#include <stdexcept>

namespace slipway::net {
namespace {

/// Collects what is logged while it lives.
struct Log {
  Log() {
    log::install([this](log::Level, std::string_view text, log::Fields fields) {
      lines += text;
      for (const auto& [name, value] : fields) lines += " " + std::string(name) + "=" + value;
    });
  }
  ~Log() { log::install({}); }
  bool has(const std::string& part) const { return lines.find(part) != std::string::npos; }
  std::string lines;
};

std::string header(const Response& response, const std::string& name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return {};
}

std::string reference(const Response& response) {
  const std::size_t at = response.body.find("Reference: ");
  return at == std::string::npos ? "none" : response.body.substr(at + 11, 8);
}

const Request kAsked{
    .method = "GET", .path = "/x", .query = {}, .headers = {}, .parameters = {}, .body = {}, .peer = {}};

}  // namespace

TEST_CASE("a failure that may pass is 503 and says when to come back") {
  const Log log;
  const Response response = answer(
      [](const Request&) -> Response {
        throw Failure("the disk is full", Retry::Later, std::chrono::seconds(30));
      },
      kAsked);
  CHECK(response.status == 503);
  CHECK(header(response, "Retry-After") == "30");
  CHECK(response.body.find("disk") == std::string::npos);
  CHECK(log.has("the disk is full"));
  CHECK(log.has("reference=" + reference(response)));
  CHECK(log.has("request=GET /x"));
}

TEST_CASE("a failure that stays and a bug are 500 with a reference, and only the log has the reason") {
  const Log log;
  const Handler handler =
      GENERATE(Handler([](const Request&) -> Response { throw Failure("no such table"); }),
               Handler([](const Request&) -> Response { throw std::out_of_range("no such table"); }));
  const Response response = answer(handler, kAsked);
  CHECK(response.status == 500);
  CHECK(response.body.find("table") == std::string::npos);
  CHECK(log.has("GET /x: no such table"));
  CHECK(log.has("reference=" + reference(response)));
}

TEST_CASE("a handler that was stopped is 503") {
  CHECK(answer([](const Request&) -> Response { throw Stopped(); }, kAsked).status == 503);
}

TEST_CASE("an asynchronous handler that throws answers by the same rule") {
  const Log log;
  int status = 0;
  answer([](const Request&, const Reply&) { throw Failure("busy", Retry::Later); }, kAsked,
         [&](const Response& response) { status = response.status; });
  CHECK(status == 503);
}

}  // namespace slipway::net
