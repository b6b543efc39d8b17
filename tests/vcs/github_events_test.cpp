#include "vcs/github_events.h"

#include "core/crypto.h"
#include "vcs/uri.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace slipway::vcs {
namespace {

const std::string kHead(40, 'a');
const std::string kBase(40, 'b');

GithubEvents events(std::vector<std::string> secrets = {"hush"}) {
  std::vector<Secret> list;
  for (auto& secret : secrets) list.emplace_back(std::move(secret));
  return {"github", std::move(list)};
}

Result<Heard> hear(const std::string& event, std::string_view body) {
  return events().hear({{"x-github-event", event}, {"content-type", "application/json"}}, body);
}

template <class T>
T heard_as(const std::string& event, std::string_view body) {
  const auto heard = hear(event, body);
  if (!heard) FAIL(heard.error().text());
  if (!std::holds_alternative<T>(*heard)) FAIL("something else was heard");
  return std::get<T>(*heard);
}

std::string why_ignored(const std::string& event, std::string_view body) {
  return heard_as<heard::Ignored>(event, body).why;
}

std::string refusal(const std::string& event, std::string_view body) {
  const auto heard = hear(event, body);
  return heard ? "it was understood" : heard.error().text();
}

std::string pull_request(std::string_view action, std::string_view more = "") {
  return fmt::format(
      R"({{"action":"{}","number":12,{}"pull_request":{{"number":12,"state":"open","user":{{"login":"alice"}}}},
          "repository":{{"id":1,"full_name":"acme/infra"}},"sender":{{"login":"alice"}}}})",
      action, more);
}

std::string comment(std::string_view action,
                    std::string_view issue = R"("number":12,"pull_request":{"url":"x"})") {
  return fmt::format(
      R"({{"action":"{}","issue":{{{}}},"repository":{{"full_name":"acme/infra"}},"comment":{{"id":4711,
          "user":{{"login":"alice"}},"body":"slipway plan","created_at":"2026-11-22T12:53:00Z"}}}})",
      action, issue);
}

std::string push(std::string_view ref, bool deleted = false) {
  return fmt::format(R"({{"ref":"{}","deleted":{},"repository":{{"full_name":"acme/infra"}}}})", ref,
                     deleted);
}

}  // namespace

TEST_CASE("what changes a pull request's commits or state is heard") {
  for (const auto action :
       {"opened", "reopened", "synchronize", "closed", "ready_for_review", "converted_to_draft"}) {
    INFO(action);
    const auto touched = heard_as<heard::PullTouched>("pull_request", pull_request(action));
    CHECK(touched.pull == PullId{{"github", "acme/infra"}, 12});
  }
  heard_as<heard::PullTouched>("pull_request",
                               pull_request("edited", R"("changes":{"base":{"ref":{"from":"old"}}},)"));
}

TEST_CASE("what changes neither is ignored with the reason") {
  for (const auto action :
       {"labeled", "assigned", "locked", "review_requested", "auto_merge_enabled", "enqueued"}) {
    INFO(action);
    CHECK_THAT(why_ignored("pull_request", pull_request(action)),
               Catch::StartsWith(std::string("pull_request ") + action));
  }
  CHECK_THAT(why_ignored("pull_request", pull_request("edited", R"("changes":{"title":{"from":"old"}},)")),
             Catch::Contains("edited"));
}

TEST_CASE("a new comment of a pull request is heard with all that a command needs") {
  const auto said = heard_as<heard::Commented>("issue_comment", comment("created"));
  CHECK(said.pull == PullId{{"github", "acme/infra"}, 12});
  CHECK(said.comment.id == 4711);
  CHECK(said.comment.author == "alice");
  CHECK(said.comment.body == "slipway plan");
  CHECK(to_rfc3339(said.comment.at) == "2026-11-22T12:53:00.000Z");
}

TEST_CASE("a comment of an issue is told from one of a pull request") {
  CHECK_FALSE(heard_as<heard::Commented>("issue_comment", comment("created")).on_issue);
  CHECK(heard_as<heard::Commented>("issue_comment", comment("created", R"("number":12)")).on_issue);
}

TEST_CASE("edits and deletions of comments are no commands") {
  CHECK_THAT(why_ignored("issue_comment", comment("edited")), Catch::Contains("only a new comment"));
  CHECK_THAT(why_ignored("issue_comment", comment("deleted")), Catch::Contains("only a new comment"));
}

TEST_CASE("a review that comes or goes touches its pull request") {
  heard_as<heard::PullTouched>("pull_request_review", pull_request("submitted"));
  heard_as<heard::PullTouched>("pull_request_review", pull_request("dismissed"));
  CHECK_THAT(why_ignored("pull_request_review", pull_request("edited")), Catch::Contains("no approval"));
}

TEST_CASE("a push moves its branch; tags and deletions move none") {
  const auto moved = heard_as<heard::BranchMoved>("push", push("refs/heads/release/1.2"));
  CHECK(moved.repo == RepoId{"github", "acme/infra"});
  CHECK(moved.branch == "release/1.2");
  CHECK_THAT(why_ignored("push", push("refs/tags/v1")), Catch::Contains("not to a branch"));
  CHECK_THAT(why_ignored("push", push("refs/heads/gone", true)), Catch::Contains("deleted"));
}

TEST_CASE("a merge queue asks for checks on its own commit") {
  const auto body = [&](std::string_view action) {
    return fmt::format(
        R"({{"action":"{}","repository":{{"full_name":"acme/infra"}},"merge_group":{{"head_sha":"{}",
        "head_ref":"refs/heads/gh-readonly-queue/main/pr-12","base_sha":"{}","base_ref":"refs/heads/main"}}}})",
        action, kHead, kBase);
  };
  const auto group = heard_as<heard::GroupAsked>("merge_group", body("checks_requested"));
  CHECK(group.repo == RepoId{"github", "acme/infra"});
  CHECK(group.head == kHead);
  CHECK(group.base == kBase);
  CHECK(group.base_branch == "main");
  CHECK(group.number == 0);  // GitHub writes what it stands on behind the number
  CHECK_THAT(why_ignored("merge_group", body("destroyed")), Catch::Contains("destroyed"));
}

TEST_CASE(
    "a merge queue's branch names the pull request of its group, which is looked at when the group ends") {
  const auto body = [&](std::string_view action, std::string_view branch) {
    return fmt::format(
        R"({{"action":"{}","repository":{{"full_name":"acme/infra"}},"merge_group":{{"head_sha":"{}",
        "head_ref":"refs/heads/{}","base_sha":"{}","base_ref":"refs/heads/release/1"}}}})",
        action, kHead, branch, kBase);
  };
  const std::string branch = fmt::format("gh-readonly-queue/release/1/pr-12-{}", kBase);
  const auto group = heard_as<heard::GroupAsked>("merge_group", body("checks_requested", branch));
  CHECK(group.base_branch == "release/1");
  CHECK(group.branch == branch);
  CHECK(group.number == 12);
  const auto ended = heard_as<heard::PullTouched>("merge_group", body("destroyed", branch));
  CHECK(ended.pull == PullId{{"github", "acme/infra"}, 12});
  for (const auto* other : {"gh-readonly-queue/main/pr-12-abc", "gh-readonly-queue/release/1/pr--abc",
                            "gh-readonly-queue/release/1/pr-12", "feature/pr-12-abc"})
    CHECK(heard_as<heard::GroupAsked>("merge_group", body("checks_requested", other)).number == 0);
}

TEST_CASE("a ping and what we have no use for are ignored by name") {
  CHECK(why_ignored("ping", R"({"zen":"Keep it logically awesome."})") == "ping");
  CHECK(why_ignored("star", "{}") == "the event \"star\" is not used");
}

TEST_CASE("a delivery as a form is understood like one as JSON") {
  const Headers headers{{"x-github-event", "pull_request"},
                        {"content-type", "application/x-www-form-urlencoded"}};
  const auto heard = events().hear(headers, "payload=" + percent_encoded(pull_request("opened")));
  REQUIRE(heard.has_value());
  CHECK(std::holds_alternative<heard::PullTouched>(*heard));
  CHECK_FALSE(events().hear(headers, "payload=%7").has_value());
  CHECK_FALSE(events().hear(headers, "other=1").has_value());
  CHECK_FALSE(events().hear(headers, "").has_value());
}

TEST_CASE("what is missing or wrong in a payload is named by its place") {
  CHECK(refusal("pull_request", R"({"action":"opened"})") == "repository.full_name: is missing");
  CHECK(refusal("pull_request", "{}") == "action: is missing");
  CHECK(refusal("pull_request", R"({"action":["opened"]})") == "action: expected a string");
  CHECK(refusal("pull_request", R"({"action":"opened","repository":{"full_name":"acme/infra"}})") ==
        "pull_request.number: is missing");
  CHECK_THAT(refusal("pull_request", R"({"action":"opened","repository":{"full_name":"../etc"},
      "pull_request":{"number":1}})"),
             Catch::StartsWith("repository.full_name: "));
  CHECK_THAT(refusal("pull_request", R"({"action":"opened","repository":{"full_name":"acme/infra"},
      "pull_request":{"number":-1}})"),
             Catch::StartsWith("pull_request.number: "));
  CHECK_THAT(refusal("issue_comment", R"({"action":"created","issue":{"number":1,"pull_request":{}},
      "repository":{"full_name":"acme/infra"}})"),
             Catch::StartsWith("comment.id: "));
  CHECK_FALSE(hear("push", push("refs/heads/--upload-pack=x")).has_value());
}

TEST_CASE("no shape of a payload breaks the reading of it") {
  for (const auto event :
       {"pull_request", "issue_comment", "pull_request_review", "push", "merge_group", "ping"}) {
    for (const auto body :
         {"", "null", "[]", "3", "\"x\"", "{", "{}", R"({"action":null})", R"({"action":{}})",
          R"({"action":"created","issue":[]})", R"({"action":"opened","pull_request":"x"})",
          R"({"ref":null})", R"({"ref":7})", R"({"action":"checks_requested","merge_group":[1]})", "\xff\xfe",
          R"({"action":"\ud800"})"}) {
      INFO(event << " " << body);
      CHECK_NOTHROW(hear(event, body));
    }
  }
}

TEST_CASE("an event without a name is refused") {
  CHECK_FALSE(events().hear({{"content-type", "application/json"}}, "{}").has_value());
  CHECK_FALSE(events().hear({{"x-github-event", "a b"}}, "{}").has_value());
}

TEST_CASE("a signature is good with any of the secrets") {
  const std::string body = "{}";
  const auto signed_with = [&](std::string_view secret) {
    return Headers{{"x-hub-signature-256", "sha256=" + to_hex(hmac_sha256(secret, body))}};
  };
  CHECK(events({"old", "new"}).check(signed_with("old"), body) == Signature::Good);
  CHECK(events({"old", "new"}).check(signed_with("new"), body) == Signature::Good);
  CHECK(events({"old", "new"}).check(signed_with("other"), body) == Signature::Bad);
}

TEST_CASE("GitHub's own example of a signature is good") {
  const GithubEvents deliveries = events({"It's a Secret to Everybody"});
  CHECK(deliveries.check({{"x-hub-signature-256",
                           "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"}},
                         "Hello, World!") == Signature::Good);
}

TEST_CASE("no signature, a SHA-1 alone, an empty secret and nonsense are never good") {
  const std::string body = "{}";
  CHECK(events().check({}, body) == Signature::Missing);
  CHECK(events().check({{"x-hub-signature", "sha1=5d61605c3feea9799210ddcb71307d4ba264225f"}}, body) ==
        Signature::Missing);
  const Headers by_nobody{{"x-hub-signature-256", "sha256=" + to_hex(hmac_sha256("", body))}};
  CHECK(events({""}).check(by_nobody, body) == Signature::Bad);
  CHECK(events({}).check(by_nobody, body) == Signature::Bad);
  for (const auto nonsense : {"sha256=", "sha256=zz", "sha1=00", "x", "sha256=00"}) {
    INFO(nonsense);
    CHECK(events().check({{"x-hub-signature-256", nonsense}}, body) == Signature::Bad);
  }
}

TEST_CASE("deliveries of Gitea and its kin are not GitHub's, though they carry its headers") {
  CHECK(events().recognises({{"x-github-event", "push"}}));
  CHECK_FALSE(events().recognises({{"x-github-event", "push"}, {"x-gitea-event", "push"}}));
  CHECK_FALSE(events().recognises({{"x-github-event", "push"}, {"x-forgejo-event", "push"}}));
}

TEST_CASE("a delivery's id is a word or nothing") {
  CHECK(events().delivery_id({{"x-github-delivery", "72d3162e-cc78-11e3"}}) == "72d3162e-cc78-11e3");
  CHECK(events().delivery_id({{"x-github-delivery", "two words"}}).empty());
  CHECK(events().delivery_id({{"x-github-delivery", std::string(5'000, 'x')}}).empty());
  CHECK(events().delivery_id({}).empty());
}

}  // namespace slipway::vcs
