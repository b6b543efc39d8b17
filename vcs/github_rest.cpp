#include "vcs/github_rest.h"

#include "core/clock.h"
#include "core/failure.h"
#include "core/version.h"
#include "vcs/github_refusal.h"
#include "vcs/rate_limit.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace slipway::vcs {
namespace {

Time now() { return SystemClock().now(); }

bool redirects(const HttpResponse& response, std::string_view method) {
  if (response.status == 307 || response.status == 308) return true;
  return method == "GET" && (response.status == 301 || response.status == 302);
}

/// The part of a Link header (RFC 8288) with this relation: `<https://…?page=2>; rel="next"`.
std::string_view linked(std::string_view links, std::string_view relation) {
  const auto mark = links.find(fmt::format("rel=\"{}\"", relation));
  if (mark == std::string_view::npos) return {};
  const auto open = links.rfind('<', mark);
  const auto close = links.rfind('>', mark);
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
  return links.substr(open + 1, close - open - 1);
}

int page_number(std::string_view url) {
  const auto query = url.find('?');
  if (query == std::string_view::npos) return 1;
  for (auto at = query; at != std::string_view::npos; at = url.find('&', at + 1)) {
    const auto field = url.substr(at + 1);
    if (!field.starts_with("page=")) continue;
    int number = 1;
    std::from_chars(field.data() + 5, field.data() + field.size(), number);
    return std::max(number, 1);
  }
  return 1;
}

/// The same path may be asked for other members elsewhere: each set is remembered for itself.
std::string cache_key(const std::string& path, Fields fields) {
  std::string key = path;
  for (const auto field : fields) key.append(" ").append(field);
  return key;
}

}  // namespace

RestAnswer GithubRest::get(const std::string& path, Fields fields, std::stop_token stop, Expected expected) {
  const std::string key = cache_key(path, fields);
  const auto cached = cache_.with([&](AnswerCache& cache) { return cache.find(key); });
  Ask asking = ask("GET", config_.root + path, path);
  if (cached) asking.request.headers.emplace_back("If-None-Match", cached->etag);
  const HttpResponse response = exchange(asking, Repeat::Safe, stop);
  if (cached && response.status == 304) {
    const auto body = parse_json(cached->body);
    return {200, body ? *body : Json(), cached->more, cached->last_page};
  }
  must_be_expected(response, expected);
  RestAnswer answer = understood(response, fields);
  if (const auto etag = response.header("etag"); response.status == 200 && !etag.empty()) {
    CachedAnswer keep{std::string(etag), answer.body.dump(), answer.more, answer.last_page};
    cache_.with([&](AnswerCache& cache) { cache.put(key, std::move(keep)); });
  }
  return answer;
}

RestAnswer GithubRest::page(const std::string& path, int number, Fields fields, std::stop_token stop,
                            Expected expected) {
  const char joint = path.find('?') == std::string::npos ? '?' : '&';
  return get(fmt::format("{}{}per_page={}&page={}", path, joint, kPageSize, number), fields, stop, expected);
}

bool GithubRest::each(const std::string& path, Fields fields, std::stop_token stop,
                      FunctionRef<bool(const JsonReader&)> item, Expected expected) {
  for (int number = 1; number <= kMaxPages; ++number) {
    const RestAnswer answer = page(path, number, fields, stop, expected);
    if (answer.status >= 300) return false;
    const bool on = read(answer, [&](const JsonReader& list) {
      const auto items = list.items();
      return std::all_of(items.begin(), items.end(), [&](const JsonReader& one) { return item(one); });
    });
    if (!on || !answer.more) return true;
  }
  throw Failure(fmt::format("{} has more than {} pages for {}", config_.forge, kMaxPages, path));
}

RestAnswer GithubRest::write(const Write& write, std::stop_token stop, Expected expected) {
  return send(ask(write.method, config_.root + write.path, write.path), write.body, write.repeat,
              write.fields, stop, expected);
}

RestAnswer GithubRest::query(std::string_view graphql, Fields fields, std::stop_token stop,
                             Expected expected) {
  return send(ask("POST", config_.graphql, "/graphql"), Json::object({{"query", graphql}}), Repeat::Safe,
              fields, stop, expected);
}

RestAnswer GithubRest::send(Ask ask, const Json& body, Repeat repeat, Fields fields, std::stop_token stop,
                            Expected expected) {
  ask.request.headers.emplace_back("Content-Type", "application/json");
  ask.request.body = body.dump();
  const HttpResponse response = exchange(ask, repeat, stop);
  must_be_expected(response, expected);
  return understood(response, fields);
}

GithubRest::Ask GithubRest::ask(std::string_view method, const std::string& url, std::string path) const {
  HttpRequest request;
  request.method = method;
  request.url = url;
  request.headers = {{"Accept", "application/vnd.github+json"},
                     {"User-Agent", fmt::format("slipway/{}", kVersion)},
                     {"X-GitHub-Api-Version", "2022-11-28"}};
  return {std::move(path), std::move(request)};
}

/// A token that was revoked before its time is asked for anew, once: what was refused did nothing.
HttpResponse GithubRest::exchange(const Ask& ask, Repeat repeat, std::stop_token stop) {
  for (bool renewed = false;; renewed = true) {
    HttpRequest request = ask.request;
    if (const Secret token = authority_.token(ask.path, stop); !token.empty())
      request.headers.emplace_back("Authorization", "Bearer " + token.reveal());
    HttpResponse response = follow(std::move(request), repeat, stop);
    if (response.status != 401 || renewed || !authority_.renew(ask.path)) return response;
  }
}

/// A renamed repository redirects; a redirect to anywhere else would take the token there, and is an answer.
HttpResponse GithubRest::follow(HttpRequest request, Repeat repeat, std::stop_token stop) {
  for (int hops = 0;; ++hops) {
    HttpResponse response = persist(request, repeat, stop);
    const std::string_view location = response.header("location");
    if (hops == kMaxRedirects || !redirects(response, request.method) ||
        !location.starts_with(config_.root + "/"))
      return response;
    request.url = location;
  }
}

HttpResponse GithubRest::persist(const HttpRequest& request, Repeat repeat, std::stop_token stop) {
  for (int tries = 1;; ++tries) {
    const bool last = tries == kRestTries;
    const bool again = !last && repeat == Repeat::Safe;
    std::chrono::milliseconds wait = backoff(tries);
    if (auto response = attempt(request, again, stop)) {
      std::optional<std::chrono::seconds> asked = limited_for(*response, now());
      if (asked) {
        if (last)
          return std::move(*response);  // a refusal for the rate did nothing: any request may follow it
      } else if (again && response->status >= 500 && response->status != 501) {
        asked = retry_after(*response, now());
      } else {
        return std::move(*response);
      }
      if (asked > kMaxPause) return std::move(*response);
      if (asked) wait = std::max<std::chrono::milliseconds>(wait, *asked);
    }
    config_.pause(wait, stop);
  }
}

std::optional<HttpResponse> GithubRest::attempt(const HttpRequest& request, bool may_fail,
                                                std::stop_token stop) {
  try {
    return http_.send(request, stop);
  } catch (const Failure& failure) {
    if (!may_fail || failure.retry() == Retry::Never) throw;
    return {};
  }
}

std::chrono::milliseconds GithubRest::backoff(int tries) {
  const auto base = kFirstBackoff * (1 << (tries - 1));
  return base + std::chrono::milliseconds(random_.below(static_cast<std::uint64_t>(base.count())));
}

RestAnswer GithubRest::understood(const HttpResponse& response, Fields fields) const {
  RestAnswer answer;
  answer.status = response.status;
  const auto body = parse_json_fields(response.body, fields);
  if (body) answer.body = *body;
  if (!body && response.status < 300 && !fields.empty()) not_understood(body.error());
  const std::string_view links = response.header("link");
  answer.more = !linked(links, "next").empty();
  answer.last_page = page_number(linked(links, "last"));
  return answer;
}

void GithubRest::must_be_expected(const HttpResponse& response, Expected expected) const {
  const bool good = response.status >= 200 && response.status < 300;
  const bool known = std::find(expected.begin(), expected.end(), response.status) != expected.end();
  if (!good && (!known || limited_for(response, now())))
    throw refusal(response, {config_.forge, authority_.key()}, now());
}

void GithubRest::not_understood(const ParseError& error) const {
  throw Failure(fmt::format("{}'s answer is not understood: {}", config_.forge, error.text()), Retry::Later);
}

}  // namespace slipway::vcs
