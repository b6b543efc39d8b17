#include "vcs/github_events.h"

#include "core/crypto.h"
#include "vcs/github_shapes.h"
#include "vcs/text.h"
#include "vcs/uri.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace slipway::vcs {
namespace {

constexpr std::string_view kEventFields[] = {
    "action",  "repository", "full_name",  "pull_request", "number",   "changes",     "base",
    "ref",     "issue",      "id",         "comment",      "user",     "login",       "body",
    "deleted", "head_sha",   "created_at", "base_sha",     "base_ref", "merge_group", "head_ref"};

constexpr std::string_view kKept[] = {"content-type",
                                      "user-agent",
                                      "x-github-delivery",
                                      "x-github-enterprise-host",
                                      "x-github-enterprise-version",
                                      "x-github-event",
                                      "x-github-hook-id",
                                      "x-github-hook-installation-target-id",
                                      "x-github-hook-installation-target-type"};

constexpr std::size_t kMaxWord = 100;  // bytes of an event's name or a delivery's id
constexpr std::string_view kBranches = "refs/heads/";

/// A header that is a plain word; empty when it is missing or anything else.
std::string word(const Headers& headers, std::string_view name) {
  const auto found = headers.find(name);
  if (found == headers.end() || found->second.size() > kMaxWord) return {};
  const auto odd = [](char c) { return c <= 0x20 || c == 0x7f; };  // a byte above 0x7f is negative
  return std::any_of(found->second.begin(), found->second.end(), odd) ? std::string() : found->second;
}

std::string_view header(const Headers& headers, std::string_view name) {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

Heard ignored(std::string why) { return heard::Ignored{std::move(why)}; }

Heard ignored_action(std::string_view event, const std::string& action, std::string_view why) {
  return ignored(fmt::format("{} {}: {}", event, one_line(action, kMaxWord), why));
}

PullId pull_id(const std::string& forge, const JsonReader& payload, const JsonReader& number) {
  return {repo_from(forge, payload["repository"]["full_name"]), number_from(number)};
}

Heard pull_request(const std::string& forge, const JsonReader& payload) {
  constexpr std::string_view kTouching[] = {"opened", "reopened",         "synchronize",
                                            "closed", "ready_for_review", "converted_to_draft"};
  const std::string& action = payload["action"].string();
  const bool new_base = action == "edited" && payload["changes"]["base"].exists();
  const bool touches = std::find(std::begin(kTouching), std::end(kTouching), action) != std::end(kTouching);
  if (!touches && !new_base)
    return ignored_action("pull_request", action, "neither its commits nor its state changed");
  return heard::PullTouched{pull_id(forge, payload, payload["pull_request"]["number"])};
}

Heard issue_comment(const std::string& forge, const JsonReader& payload) {
  const std::string& action = payload["action"].string();
  if (action != "created")
    return ignored_action("issue_comment", action, "only a new comment can be a command");
  return heard::Commented{pull_id(forge, payload, payload["issue"]["number"]),
                          comment_from(payload["comment"]), payload["issue"]["pull_request"].empty()};
}

Heard pull_request_review(const std::string& forge, const JsonReader& payload) {
  const std::string& action = payload["action"].string();
  if (action != "submitted" && action != "dismissed")
    return ignored_action("pull_request_review", action, "no approval came or went");
  return heard::PullTouched{pull_id(forge, payload, payload["pull_request"]["number"])};
}

Heard push(const std::string& forge, const JsonReader& payload) {
  const std::string& ref = payload["ref"].string();
  if (!ref.starts_with(kBranches)) return ignored("push: not to a branch");
  RepoId repo = repo_from(forge, payload["repository"]["full_name"]);
  if (payload["deleted"].boolean_or(false)) return ignored("push: the branch was deleted");
  const Json branch(ref.substr(kBranches.size()));
  return heard::BranchMoved{std::move(repo), branch_from(JsonReader(branch))};
}

std::string short_branch(std::string_view name) {
  if (name.starts_with(kBranches)) name.remove_prefix(kBranches.size());
  const Json branch{name};
  return branch_from(JsonReader(branch));
}

/// gh-readonly-queue/<base>/pr-<number>-<the commit that it stands on>: GitHub's name of a group's branch.
std::int64_t number_in(std::string_view branch, std::string_view base) {
  const std::string begins = fmt::format("gh-readonly-queue/{}/pr-", base);
  if (!branch.starts_with(begins)) return 0;
  branch.remove_prefix(begins.size());
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(branch.data(), branch.data() + branch.size(), number);
  const bool whole = error == std::errc() && end != branch.data() + branch.size() && *end == '-';
  return whole && number > 0 ? number : 0;
}

Heard merge_group(const std::string& forge, const JsonReader& payload) {
  const std::string& action = payload["action"].string();
  const JsonReader group = payload["merge_group"];
  RepoId repo = repo_from(forge, payload["repository"]["full_name"]);
  std::string base = short_branch(group["base_ref"].string());
  std::string branch = group["head_ref"].exists() ? short_branch(group["head_ref"].string()) : std::string();
  const std::int64_t number = number_in(branch, base);
  // Merged, or let go: the pull request tells.
  if (action == "destroyed" && number > 0) return heard::PullTouched{{std::move(repo), number}};
  if (action != "checks_requested") return ignored_action("merge_group", action, "no checks are asked for");
  return heard::GroupAsked{std::move(repo), sha_from(group["head_sha"]), sha_from(group["base_sha"]),
                           std::move(base), std::move(branch),           number};
}

Heard ping(const std::string&, const JsonReader&) { return ignored("ping"); }

/// An event that means something to us.
struct Kind {
  std::string_view event;
  Heard (*hear)(const std::string& forge, const JsonReader& payload);
};
constexpr Kind kKinds[] = {{"issue_comment", issue_comment},
                           {"merge_group", merge_group},
                           {"ping", ping},
                           {"pull_request", pull_request},
                           {"pull_request_review", pull_request_review},
                           {"push", push}};

}  // namespace

GithubEvents::GithubEvents(std::string forge, std::vector<Secret> secrets)
    : forge_(std::move(forge)), secrets_(std::move(secrets)) {
  // Anybody can sign with the empty key.
  std::erase_if(secrets_, [](const Secret& secret) { return secret.empty(); });
}

bool GithubEvents::recognises(const Headers& headers) const {
  // Gitea, Forgejo and Gogs send X-GitHub-Event too, beside their own.
  return headers.contains("x-github-event") && !headers.contains("x-gitea-event") &&
         !headers.contains("x-forgejo-event") && !headers.contains("x-gogs-event");
}

Signature GithubEvents::check(const Headers& headers, std::string_view body) const {
  constexpr std::string_view kScheme = "sha256=";
  const std::string_view signature = header(headers, "x-hub-signature-256");
  if (signature.empty()) return Signature::Missing;
  const std::string claimed =
      signature.starts_with(kScheme) ? from_hex(signature.substr(kScheme.size())) : std::string();
  bool good = false;
  for (const Secret& secret : secrets_)  // all of them, so that the time does not tell which one it was
    good |= equal_in_constant_time(claimed, hmac_sha256(secret.reveal(), body));
  return good ? Signature::Good : Signature::Bad;
}

std::string GithubEvents::delivery_id(const Headers& headers) const {
  return word(headers, "x-github-delivery");
}

std::string GithubEvents::event(const Headers& headers) const { return word(headers, "x-github-event"); }

Headers GithubEvents::kept(const Headers& headers) const {
  Headers out;
  for (const auto name : kKept)
    if (const auto found = headers.find(name); found != headers.end()) out.insert(*found);
  return out;
}

Result<Heard> GithubEvents::hear(const Headers& headers, std::string_view body) const {
  const std::string name = event(headers);
  if (name.empty()) return refuse("the header X-GitHub-Event is missing");
  std::optional<std::string> unwrapped;
  if (header(headers, "content-type").starts_with("application/x-www-form-urlencoded")) {
    unwrapped = form_field(body, "payload");
    if (!unwrapped) return refuse("the form has no field \"payload\" that can be decoded");
    body = *unwrapped;
  }
  const auto payload = parse_json_fields(body, kEventFields);
  if (!payload) return tl::unexpected(payload.error());
  const auto kind =
      std::find_if(std::begin(kKinds), std::end(kKinds), [&](const Kind& one) { return one.event == name; });
  if (kind == std::end(kKinds)) return ignored(fmt::format("the event \"{}\" is not used", name));
  try {
    return kind->hear(forge_, JsonReader(*payload));
  } catch (const JsonMismatch& mismatch) {
    return tl::unexpected(mismatch.error());
  }
}

}  // namespace slipway::vcs
