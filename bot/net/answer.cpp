#include "bot/net/answer.h"

#include "bot/net/limits.h"
#include "core/failure.h"
#include "core/log.h"
#include "core/random.h"

#include <exception>

namespace slipway::net {
namespace {

Response retry_after(std::string text, std::chrono::seconds wait) {
  Response response = Response::text(503, std::move(text));
  response.headers.emplace_back("Retry-After", std::to_string(wait.count()));
  return response;
}

std::string new_reference() { return SystemRandom().hex(8); }

/// For the exception that is being handled.
Response excuse(std::string_view asked) {
  try {
    throw;
  } catch (const Failure& failure) {
    if (failure.retry() == Retry::Never) return internal_error(std::string(asked) + ": " + failure.what());
    const std::string reference = new_reference();
    log::warning("a request could not be answered now",
                 {{"request", std::string(asked)}, {"reason", failure.what()}, {"reference", reference}});
    return retry_after("This cannot be done just now; try again later. Reference: " + reference + "\n",
                       failure.retry_after().value_or(kRetryAfter));
  } catch (const Stopped&) {
    return unavailable("The server is shutting down.\n");
  } catch (const std::exception& bug) {
    return internal_error(std::string(asked) + ": " + bug.what());
  } catch (...) {
    return internal_error(std::string(asked) + ": something was thrown that is no exception");
  }
}

}  // namespace

Response answer(const Handler& handler, const Request& request) {
  try {
    return handler(request);
  } catch (...) {
    return excuse(request.method + " " + request.path);
  }
}

void answer(const AsyncHandler& handler, Request request, const Reply& reply) {
  const std::string asked = request.method + " " + request.path;
  try {
    handler(std::move(request), reply);
  } catch (...) {
    reply(excuse(asked));
  }
}

Response internal_error(std::string_view reason) {
  const std::string reference = new_reference();
  log::error("internal error", {{"reason", std::string(reason)}, {"reference", reference}});
  return Response::text(500, "Internal error. Reference: " + reference + "\n");
}

Response not_found(const Router::Match& match) {
  if (match.allowed.empty()) return Response::text(404, "There is nothing here.\n");
  std::string allowed;
  for (const std::string& method : match.allowed) allowed += (allowed.empty() ? "" : ", ") + method;
  Response response = Response::text(405, "This path takes " + allowed + ".\n");
  response.headers.emplace_back("Allow", std::move(allowed));
  return response;
}

Response unavailable(std::string text) { return retry_after(std::move(text), kRetryAfter); }

}  // namespace slipway::net
