#include "templates/render.h"
#include "tests/templates/golden.h"
#include "tests/templates/samples.h"

#include <catch2/catch.hpp>

namespace slipway::templates {
namespace {

using namespace samples;  // NOLINT(google-build-using-namespace): the tests' own vocabulary

ResultNotice notice(ResultNotice::What what, std::vector<ProjectReport> projects,
                    std::vector<std::string> mentions = {}) {
  ResultNotice out;
  out.what = what;
  out.projects = std::move(projects);
  out.sticky_url = "https://github.example/acme/infra/pull/12#issuecomment-1";
  out.command = "slipway";
  out.mentions = std::move(mentions);
  return out;
}

void check(const std::string& name, const Message& message) {
  check_golden(name + ".md", to_markdown(message, Traits{}));
}

TEST_CASE("people hear that it is applied, and which machines are known now") {
  check("notice_applied",
        notice(ResultNotice::What::Applied, {web(phase::Done{{merge(), "7f3a9e", "r", false, {"a9", 43}}})}));
}

TEST_CASE("people hear that an apply failed, and who must act is mentioned") {
  ProjectReport report = web(phase::ApplyFailed{merge(), "7f3a9e", "r", 3, 5, "", {undeclared()}, ""});
  check("notice_apply_failed", notice(ResultNotice::What::ApplyFailed, {report}, {"alice", "acme/dba"}));
}

TEST_CASE("people hear that an apply was interrupted") {
  ProjectReport report = project(
      "prod/web",
      phase::Interrupted{merge(), "7f3a9e", "r", {"a9", 42}, {"a9", 43}, "state serial moved 42 → 43", ""});
  check("notice_interrupted", notice(ResultNotice::What::Interrupted, {report}, {"alice"}));
}

TEST_CASE("people are asked to confirm exactly one plan a project") {
  check("notice_confirm",
        notice(ResultNotice::What::AwaitingConfirm,
               {web(phase::AwaitingConfirm{merge(), "7f3a9e", "old111", "it differs from what was reviewed"}),
                project("dev", phase::AwaitingConfirm{merge(), "", "", "planning it again failed: timeout"})},
               {"alice"}));
}

TEST_CASE("people are asked what becomes of that which a merge queue had applied and did not merge") {
  phase::Trigger trigger = merge();
  trigger.closed = true;
  trigger.let_go = true;
  ResultNotice notice;
  notice.what = ResultNotice::What::AwaitingConfirm;
  notice.projects = {db(phase::AwaitingConfirm{trigger, "7f3a9e", {}, "the queue did not merge it"})};
  notice.command = "slipway";
  CHECK(
      to_markdown(notice, Traits{})
          .find(
              "**`prod/db` was applied in the merge queue, which did not merge this.** Add this to the queue "
              "again to keep it; `slipway apply 7f3a9e` takes it back.") != std::string::npos);
}

TEST_CASE("people hear that other things would be destroyed than before") {
  check("notice_destroys", notice(ResultNotice::What::DestroysChanged, {db(phase::Ready{"11bb22"})}));
}

TEST_CASE("people hear that a hook gave up") {
  check("notice_degraded",
        notice(ResultNotice::What::Degraded,
               {web(phase::Degraded{{merge(), "7f3a9e", "r", false, {"a9", 43}},
                                    {{"ansible", "web-03", "the playbook failed", 17}}})}));
}

TEST_CASE("only a notice's mentions become mentions") {
  ResultNotice message =
      notice(ResultNotice::What::AwaitingConfirm,
             {project("@evil/team", phase::AwaitingConfirm{merge(), "", "", "@mallory says so"})},
             {"alice", "not a login", "-x", "@bob"});
  const std::string text = to_markdown(message, Traits{});
  CHECK(text.find("@alice") != std::string::npos);
  CHECK(text.find("@bob") != std::string::npos);
  CHECK(text.find("`not a login`") != std::string::npos);
  CHECK(text.find("`-x`") != std::string::npos);
  CHECK(text.find("`@evil/team`") != std::string::npos);
  CHECK(text.find("`@mallory`") != std::string::npos);
}

TEST_CASE("a reply quotes what was written as code and keeps our code spans and lists") {
  Reply reply;
  reply.to = "alice";
  reply.quote = "slipway aply\n```\n<!-- slipway:v1 -->";
  reply.text =
      "`aply` is not a command.\n\nA command is the first line of a new comment:\n- `plan [-d DIR]`: plans "
      "again\n"
      "- `apply [PLAN_ID]`: applies what was shown\n\n`-d DIR` chooses projects.";
  check("reply", reply);
}

TEST_CASE("a reply whose text holds a broken code span can't make markup") {
  Reply reply;
  reply.text = "`a`b` is not **a** command, [x](http://evil.example) <b>@mallory</b>";
  check("reply_hostile", reply);
}

TEST_CASE("an issue about a failed apply says what happened, what is left and what to do") {
  ProjectIssue issue;
  issue.project = web(phase::ApplyFailed{merge(), "7f3a9e", "r", 1, 2, "", {undeclared()}, "7f3a9e"});
  issue.repo = {"github", "acme/infra"};
  issue.command = "slipway";
  check("issue", issue);
  CHECK(issue_title(issue) == "The apply of prod/web failed");
}

TEST_CASE("an issue about what was applied and not merged says by whom, and the two ways out") {
  phase::Trigger trigger = merge();
  trigger.actor = "alice";
  trigger.closed = true;
  ProjectIssue issue;
  issue.what = ProjectIssue::What::LeftBehind;
  issue.project = db(phase::AwaitingConfirm{trigger, "7f3a9e", {}, "it was closed without a merge"});
  issue.repo = {"github", "acme/infra"};
  issue.branch = "main";
  issue.command = "slipway";
  check("issue_left_behind", issue);
  CHECK(issue_title(issue) == "What was applied to prod/db was not merged");
  issue.over = true;
  issue.project.change.state = phase::NoChanges{"7f3a9e", trigger};
  CHECK(to_markdown(issue, Traits{}).find("Nobody has to do anything any more:") != std::string::npos);
}

TEST_CASE("an issue about what a merge queue had applied and did not merge says to queue it again") {
  phase::Trigger trigger = merge();
  trigger.closed = true;
  trigger.let_go = true;
  ProjectIssue issue;
  issue.what = ProjectIssue::What::LeftBehind;
  issue.project = db(phase::AwaitingConfirm{trigger, "7f3a9e", {}, "the queue did not merge it"});
  issue.repo = {"github", "acme/infra"};
  issue.branch = "main";
  issue.command = "slipway";
  issue.open = true;
  check("issue_let_go", issue);
}

TEST_CASE("an issue about a push without a pull request asks for a confirmation where it stands") {
  ProjectIssue issue;
  issue.what = ProjectIssue::What::Pushed;
  issue.project = web(phase::AwaitingConfirm{merge(), "7f3a9e", {}, "it came without a pull request"});
  issue.project.change.id.pull = push_id({"github", "acme/infra"}, std::string(kHead));
  issue.repo = {"github", "acme/infra"};
  issue.branch = "main";
  issue.command = "slipway";
  check("issue_pushed", issue);
}

}  // namespace
}  // namespace slipway::templates
