#include "tests/vcs/fake_github.h"

#include "core/crypto.h"
#include "core/failure.h"
#include "core/json_reader.h"
#include "vcs/timestamps.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace slipway::vcs {
namespace {

constexpr std::string_view kRoot = "https://api.github.com";

HttpResponse said(int status, const Json& body) { return {status, {}, body.dump()}; }

HttpResponse not_found() { return said(404, Json::object({{"message", "Not Found"}})); }

HttpResponse forbidden() {
  return said(403, Json::object({{"message", "Resource not accessible by integration"}}));
}

HttpResponse invalid(std::string_view why) {
  return said(422, Json::object({{"message", "Validation Failed"},
                                 {"errors", Json(Json::Array{Json::object({{"message", why}})})}}));
}

std::int64_t integer(std::string_view text, std::int64_t otherwise) {
  std::int64_t value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string text_of(const Json& body, std::string_view key) { return JsonReader(body)[key].string_or(""); }

Json comment_json(const FakeGithub::Said& comment) {
  return Json::object({{"id", comment.id},
                       {"user", fake_user(comment.author)},
                       {"body", comment.body},
                       {"created_at", fake_stamp(comment.created)},
                       {"updated_at", fake_stamp(comment.updated)}});
}

Json issue_json(const FakeForge::Issue& issue) {
  return Json::object({{"number", issue.number},
                       {"title", issue.title},
                       {"body", issue.body},
                       {"state", issue.open ? "open" : "closed"}});
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      out += from_hex(text.substr(i + 1, 2));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

/// A request taken apart.
struct FakeGithub::Asked {
  std::string method;
  std::string path;
  std::vector<std::string> parts;  // of the path
  std::map<std::string, std::string, std::less<>> query;
  Json body;

  std::string query_or(std::string_view key, std::string_view otherwise) const {
    const auto found = query.find(key);
    return found == query.end() ? std::string(otherwise) : found->second;
  }
  std::string part(std::size_t at) const { return at < parts.size() ? parts[at] : std::string(); }
  bool is(std::string_view wanted, std::size_t size) const {
    return method == wanted && parts.size() == size;
  }

  static Asked from(const HttpRequest& request) {
    Asked asked;
    asked.method = request.method;
    std::string_view rest = std::string_view(request.url).substr(kRoot.size());
    const auto mark = rest.find('?');
    asked.path = rest.substr(0, mark);
    for (std::string_view path = asked.path; path.size() > 1;) {
      path.remove_prefix(1);
      const auto slash = path.find('/');
      asked.parts.push_back(unescaped(path.substr(0, slash)));
      path.remove_prefix(std::min(slash, path.size()));
    }
    while (mark != std::string_view::npos && !rest.empty()) {
      rest.remove_prefix(asked.query.empty() ? mark + 1 : 0);
      const auto end = std::min(rest.find('&'), rest.size());
      const auto field = rest.substr(0, end);
      const auto equals = std::min(field.find('='), field.size());
      asked.query[std::string(field.substr(0, equals))] =
          unescaped(field.substr(std::min(equals + 1, field.size())));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (!request.body.empty()) asked.body = parse_json(request.body).value();
    return asked;
  }
};

std::optional<HttpResponse> FakeGithub::fault(const HttpRequest& request) {
  const std::string line = request.method + " " + request.url.substr(kRoot.size());
  const auto found = std::find_if(faults.begin(), faults.end(), [&](const Fault& one) {
    return line.find(one.where) != std::string::npos;
  });
  if (found == faults.end()) return {};
  const Fault met = *found;
  faults.erase(found);
  if (met.performed) answer(request);
  if (met.status == 0) throw Failure("the connection was reset", Retry::Later);
  return HttpResponse{met.status, met.headers, met.body};
}

HttpResponse FakeGithub::send(const HttpRequest& request, std::stop_token stop) {
  if (stop.stop_requested()) throw Stopped();
  requests.push_back(request);
  if (on_request) on_request(request);
  if (!request.url.starts_with(kRoot)) throw Failure("no such host", Retry::Later);
  if (auto met = fault(request)) return *met;
  return answer(request);
}

HttpResponse FakeGithub::answer(const HttpRequest& request) {
  const auto header = [&](std::string_view name) {
    for (const auto& [key, value] : request.headers)
      if (key == name) return value;
    return std::string();
  };
  if (app) {
    const auto path = request.url.substr(kRoot.size());
    if (auto told = app->answer(request, path.substr(0, path.find('?')), now)) return *std::move(told);
  }
  const bool app_speaks = app && app->owner_of(header("Authorization"), now);
  if (!app_speaks && header("Authorization") != fmt::format("Bearer {}", kFakeToken))
    return said(401, Json::object({{"message", "Bad credentials"}}));
  if (header("User-Agent").empty()) return said(403, Json::object({{"message", "Request forbidden"}}));
  HttpResponse response = route(Asked::from(request));
  if (request.method == "GET" && response.status == 200) {
    std::string etag = fmt::format("W/\"{}\"", sha256_hex(response.body).substr(0, 16));
    if (header("If-None-Match") == etag) return {304, {{"ETag", etag}}, ""};
    response.headers.emplace_back("ETag", std::move(etag));
  }
  return response;
}

HttpResponse FakeGithub::route(const Asked& asked) {
  if (asked.part(0) != "repos") return people(asked);
  const auto found = repos.find(asked.part(1) + "/" + asked.part(2));
  return found == repos.end() ? not_found() : in_repo(asked, found->second);
}

HttpResponse FakeGithub::people(const Asked& asked) {
  if (asked.path == "/user") {
    return app_token ? forbidden() : said(200, fake_user(login()));
  }
  if (asked.path == "/graphql") {
    if (!has_graphql) return not_found();
    return said(200,
                Json::object({{"data", Json::object({{"viewer", Json::object({{"login", login()}})}})}}));
  }
  if (asked.path == "/user/repos" || asked.path == "/installation/repositories") {
    if (app_token != (asked.path == "/installation/repositories")) return forbidden();
    std::vector<Json> list;
    for (const auto& [path, one] : repos)
      list.push_back(Json::object({{"id", one.id}, {"full_name", path}, {"archived", one.archived}}));
    return page(asked, list, app_token ? "repositories" : "");
  }
  if (asked.part(0) == "orgs" && asked.part(2) == "teams") {
    const auto team = teams.find(asked.part(1) + "/" + asked.part(3));
    if (team == teams.end()) return not_found();
    if (asked.is("GET", 4)) return said(200, Json::object({{"slug", asked.part(3)}}));
    if (asked.part(4) != "memberships" || !team->second.contains(asked.part(5))) return not_found();
    return said(200, Json::object({{"state", "active"}, {"role", "member"}}));
  }
  return not_found();
}

HttpResponse FakeGithub::in_repo(const Asked& asked, Repo& in) {
  if (asked.is("GET", 3)) {
    Json json = in.settings;
    json["id"] = in.id;
    json["full_name"] = in.path;
    json["archived"] = in.archived;
    return said(200, json);
  }
  if (asked.part(3) == "git" && asked.part(4) == "ref" && asked.part(5) == "heads") {
    std::string name = asked.part(6);
    for (std::size_t at = 7; at < asked.parts.size(); ++at) name += "/" + asked.part(at);
    const auto branch = in.branches.find(name);
    if (branch == in.branches.end()) return not_found();
    return said(200, Json::object({{"object", Json::object({{"type", "commit"}, {"sha", branch->second}})}}));
  }
  if (asked.part(3) == "pulls") return in_pull(asked, in);
  if (asked.part(3) == "issues") return in_issues(asked, in);
  if (asked.part(3) == "collaborators" && asked.part(5) == "permission") {
    const auto known = in.permissions.find(asked.part(4));
    if (known == in.permissions.end()) return not_found();
    return said(200, Json::object({{"permission", known->second}, {"user", fake_user(known->first)}}));
  }
  if (asked.part(3) == "statuses" && asked.is("POST", 5)) {
    constexpr std::string_view kStates[] = {"pending", "success", "failure", "error"};
    const auto state = std::find(std::begin(kStates), std::end(kStates), text_of(asked.body, "state"));
    if (state == std::end(kStates)) return invalid("state is not included in the list");
    const std::string description = text_of(asked.body, "description");
    const auto length = std::count_if(description.begin(), description.end(),
                                      [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
    if (length > 140) return invalid("description is too long (maximum is 140 characters)");
    in.statuses.push_back({{"github", in.path},
                           asked.part(4),
                           text_of(asked.body, "context"),
                           static_cast<StatusState>(state - std::begin(kStates)),
                           description,
                           text_of(asked.body, "target_url")});
    return said(201, Json::object({{"id", ++last_id_}}));
  }
  return not_found();
}

HttpResponse FakeGithub::in_pull(const Asked& asked, Repo& in) {
  if (asked.is("GET", 4)) {
    std::vector<const Pull*> chosen;
    for (const auto& [number, one] : in.pulls)
      if (asked.query_or("state", "open") == one.state) chosen.push_back(&one);
    if (asked.query_or("sort", "created") == "updated")
      std::stable_sort(chosen.begin(), chosen.end(),
                       [](auto* a, auto* b) { return a->updated < b->updated; });
    if (asked.query_or("direction", "desc") == "desc") std::reverse(chosen.begin(), chosen.end());
    std::vector<Json> list;
    for (const Pull* one : chosen) {
      Json json = pull_json(in, *one);
      for (const auto only_in_detail : {"merged", "mergeable", "merged_by"})
        json.object_members().erase(only_in_detail);
      list.push_back(std::move(json));
    }
    return page(asked, list);
  }
  const auto found = in.pulls.find(integer(asked.part(4), 0));
  if (found == in.pulls.end()) return not_found();
  Pull& of = found->second;
  if (asked.is("GET", 5)) return said(200, pull_json(in, of));
  if (asked.part(5) == "reviews" && asked.is("GET", 6) && has_reviews) {
    std::vector<Json> list;
    for (const Reviewed& one : of.reviews)
      list.push_back(Json::object({{"user", fake_user(one.author)},
                                   {"state", one.state},
                                   {"commit_id", one.commit.empty() ? Json() : Json(one.commit)},
                                   {"submitted_at", fake_stamp(one.at)}}));
    return page(asked, list);
  }
  if (asked.part(5) == "merge" && asked.is("PUT", 6)) {
    if (text_of(asked.body, "sha") != of.head)
      return said(409,
                  Json::object({{"message", "Head branch was modified. Review and try the merge again."}}));
    const std::string method = text_of(asked.body, "merge_method");
    const std::string setting =
        method == "merge" ? "allow_merge_commit" : fmt::format("allow_{}_merge", method);
    if (of.state != "open" || !of.mergeable.value_or(true) ||
        !JsonReader(in.settings)[setting].boolean_or(true))
      return said(405, Json::object({{"message", "Pull Request is not mergeable"}}));
    return said(200, Json::object({{"merged", true}, {"sha", merge_pull(in.path, of.number)}}));
  }
  return not_found();
}

HttpResponse FakeGithub::all_comments(const Asked& asked, const Repo& in) const {
  const auto since = parse_rfc3339(asked.query_or("since", "1970-01-01T00:00:00Z")).value();
  std::map<std::int64_t, Json> by_id;
  const auto add = [&](std::int64_t number, const std::vector<Said>& comments) {
    for (const Said& one : comments) {
      if (one.updated < since) continue;
      Json json = comment_json(one);
      json["issue_url"] = fmt::format("{}/repos/{}/issues/{}", kRoot, in.path, number);
      by_id.emplace(one.id, std::move(json));
    }
  };
  for (const auto& [number, pull] : in.pulls) add(number, pull.comments);
  for (const auto& [number, comments] : in.said_on_issues) add(number, comments);
  std::vector<Json> list;
  for (auto& [id, json] : by_id) list.push_back(std::move(json));
  return page(asked, list);
}

HttpResponse FakeGithub::in_issues(const Asked& asked, Repo& in) {
  if (asked.part(4) == "comments")
    return asked.is("GET", 5) ? all_comments(asked, in) : comment_of(asked, in);
  const HttpResponse switched_off =
      said(410, Json::object({{"message", "Issues are disabled for this repo"}}));
  if (asked.is("GET", 4)) {
    if (!in.issues_on) return switched_off;
    std::vector<Json> list;
    for (const Issue& one : in.issues)
      if (one.open || asked.query_or("state", "open") == "all") list.push_back(issue_json(one));
    for (const auto& [number, one] : in.pulls)
      list.push_back(
          Json::object({{"number", number}, {"title", one.title}, {"pull_request", Json::object()}}));
    return page(asked, list);
  }
  if (asked.is("POST", 4)) {
    if (!in.issues_on) return switched_off;
    const auto number = static_cast<std::int64_t>(in.pulls.size() + in.issues.size()) + 1;
    in.issues.push_back({number, text_of(asked.body, "title"), text_of(asked.body, "body"), true});
    return said(201, issue_json(in.issues.back()));
  }
  const std::int64_t number = integer(asked.part(4), 0);
  if (asked.is("PATCH", 5)) {
    for (Issue& one : in.issues) {
      if (one.number != number) continue;
      one.body = text_of(asked.body, "body");
      one.open = text_of(asked.body, "state") == "open";
      return said(200, issue_json(one));
    }
    return not_found();
  }
  const auto found = in.pulls.find(number);
  if (found == in.pulls.end()) return not_found();
  Pull& of = found->second;
  if (asked.part(5) == "comments" && asked.method == "GET") {
    const auto since = parse_rfc3339(asked.query_or("since", "1970-01-01T00:00:00Z")).value();
    std::vector<Json> list;
    for (const Said& one : of.comments)
      if (one.updated >= since) list.push_back(comment_json(one));
    return page(asked, list);
  }
  if (asked.part(5) == "comments" && asked.method == "POST") {
    const std::string body = text_of(asked.body, "body");
    if (body.size() > 65'536) return invalid("Body is too long (maximum is 65536 characters)");
    comment(in.path, number, login(), body);
    return said(201, comment_json(of.comments.back()));
  }
  if (asked.part(5) == "reactions" && asked.method == "POST") {
    of.reactions.push_back(fmt::format("{} by {}", text_of(asked.body, "content"), login()));
    return said(201, Json::object({{"id", ++last_id_}}));
  }
  return not_found();
}

HttpResponse FakeGithub::comment_of(const Asked& asked, Repo& in) {
  const std::int64_t id = integer(asked.part(5), 0);
  for (const auto& [number, comments] : in.said_on_issues)
    for (const Said& one : comments)
      if (one.id == id && asked.is("POST", 7)) return said(201, Json::object({{"id", ++last_id_}}));
  for (auto& [number, of] : in.pulls) {
    for (Said& one : of.comments) {
      if (one.id != id) continue;
      if (asked.is("POST", 7)) {
        of.reactions.push_back(fmt::format("{} by {} on {}", text_of(asked.body, "content"), login(), id));
        return said(201, Json::object({{"id", ++last_id_}}));
      }
      one.body = text_of(asked.body, "body");
      one.updated = tick();
      return said(200, comment_json(one));
    }
  }
  return not_found();
}

HttpResponse FakeGithub::page(const Asked& asked, const std::vector<Json>& items,
                              std::string_view wrapped_in) const {
  const auto size =
      std::min(static_cast<std::size_t>(integer(asked.query_or("per_page", "30"), 30)), page_size);
  const auto number = static_cast<std::size_t>(integer(asked.query_or("page", "1"), 1));
  const std::size_t last = items.empty() ? 1 : (items.size() + size - 1) / size;
  Json list = Json::array();
  for (std::size_t i = (number - 1) * size; i < std::min(items.size(), number * size); ++i)
    list.push_back(items[i]);
  HttpResponse response =
      said(200, wrapped_in.empty() ? list : Json::object({{std::string(wrapped_in), std::move(list)}}));
  if (number < last) {
    response.headers.emplace_back(
        "Link",
        fmt::format(
            "<{0}{1}?per_page={2}&page={3}>; rel=\"next\", <{0}{1}?per_page={2}&page={4}>; rel=\"last\"",
            kRoot, asked.path, size, number + 1, last));
  }
  return response;
}

}  // namespace slipway::vcs
