#include "bot/net/router.h"

#include "bot/net/target.h"

#include <algorithm>
#include <cassert>

namespace slipway::net {
namespace {

using Parameters = std::map<std::string, std::string, std::less<>>;

/// Takes the next segment off a path that begins with a slash.
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

std::optional<Parameters> match(std::string_view pattern, std::string_view path) {
  Parameters parameters;
  while (!pattern.empty()) {
    if (path.empty()) return {};
    const std::string_view expected = take_segment(pattern);
    if (expected.ends_with("...}")) {
      auto rest = percent_decode(path.substr(1));
      if (!rest || rest->empty()) return {};
      parameters.emplace(expected.substr(1, expected.size() - 5), std::move(*rest));
      return parameters;
    }
    const std::string_view sent = take_segment(path);
    if (!expected.starts_with('{') && expected == sent) continue;
    auto decoded = percent_decode(sent);
    if (!decoded) return {};
    if (expected.starts_with('{')) {
      if (decoded->empty()) return {};
      parameters.emplace(expected.substr(1, expected.size() - 2), std::move(*decoded));
    } else if (expected != *decoded) {
      return {};
    }
  }
  if (!path.empty()) return {};
  return parameters;
}

Response with_type(int status, std::string_view type, std::string body) {
  return {.status = status,
          .headers = {{"Content-Type", std::string(type)}},
          .body = std::move(body),
          .stream = {}};
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

Response Response::text(int status, std::string body) {
  return with_type(status, "text/plain; charset=utf-8", std::move(body));
}

Response Response::json(int status, std::string body) {
  return with_type(status, "application/json", std::move(body));
}

Response Response::html(int status, std::string body) {
  return with_type(status, "text/html; charset=utf-8", std::move(body));
}

void Router::add(std::string method, std::string pattern, Handler handler) {
  assert(pattern.starts_with('/'));
  routes_.push_back({std::move(method), std::move(pattern), std::move(handler), nullptr});
}

void Router::add_async(std::string method, std::string pattern, AsyncHandler handler) {
  assert(pattern.starts_with('/'));
  routes_.push_back({std::move(method), std::move(pattern), nullptr, std::move(handler)});
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
  Match found;
  const bool is_head = method == "HEAD";
  for (const Route& route : routes_) {
    auto parameters = match(route.pattern, path);
    if (!parameters) continue;
    if (route.method == method) {
      found.route = &route;
      found.parameters = std::move(*parameters);
      found.allowed.clear();
      return found;
    }
    if (is_head && route.method == "GET" && found.route == nullptr) {
      found.route = &route;
      found.parameters = std::move(*parameters);
    }
    if (std::find(found.allowed.begin(), found.allowed.end(), route.method) == found.allowed.end())
      found.allowed.push_back(route.method);
  }
  if (found.route != nullptr) {
    found.allowed.clear();
  } else if (std::find(found.allowed.begin(), found.allowed.end(), "GET") != found.allowed.end()) {
    found.allowed.emplace_back("HEAD");
  }
  return found;
}

}  // namespace slipway::net
