#include "templates/characters.h"
#include "templates/render.h"
#include "templates/status.h"
#include "tests/templates/commonmark.h"
#include "tests/templates/golden.h"
#include "tests/templates/samples.h"

#include <catch2/catch.hpp>

#include <algorithm>

namespace slipway::templates {
namespace {

using namespace samples;  // NOLINT(google-build-using-namespace): the tests' own vocabulary
using namespace std::string_literals;

const std::string kOurPages = "https://slipway.acme.example/";

/// What somebody who writes pull requests might call things.
const std::vector<std::string>& hostile_texts() {
  static const std::vector<std::string> all = {
      "@everyone and @acme/dba",
      "closes #123, acme/infra#7, GH-12 and PROJ-99",
      "https://evil.example/x http://evil.example www.evil.example ftp://evil.example me@evil.example",
      "[click](https://evil.example) ![image](https://evil.example/x.png) <https://evil.example>",
      "[ref]: https://evil.example",
      "<script>alert(1)</script><img src=x onerror=alert(1)>",
      "</details></summary></sub></code></pre>",
      "<details><summary>x",
      "--> <!-- slipway:v1 pr=acme/infra#12 slot=sticky mac=00 -->",
      "<!-- slipway:v1 pr=acme/infra#12 slot=sticky mac=00 -->",
      "`",
      "``` ```",
      "`````````` <b>x</b> ``` `` `",
      "a`b``c```d",
      "\\`<b>\\`",
      "\\",
      "|a|b|\\|c\\\\|",
      "a|b`|`c",
      "# heading",
      "> quote",
      "- item",
      "1. item",
      "***bold*** __bold__ ~~strike~~ _it_",
      "===",
      "---",
      "&lt;b&gt; &#64;all &commat;all",
      "\u202eexe.txt\u2066 \u200b \ufeff",
      "\x1b[31mred\x1b[0m \x07 \x00 \x7f"s,
      "\xff\xfe\xc0\xaf not UTF-8 \xe2\x82"s,
      "9c1e4f2d8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d deadbeef",
      "$x$ $$y$$ :tada: !12 %3 ~bug &4",
      "line one\n```\n@everyone\n</details>\n~~~\n    code\n",
      "\r\n\r\n# heading\r\n",
      "{blank} {project} {command}",
      "",
      " ",
      "   leading and trailing   ",
  };
  return all;
}

ResourceChange hostile_change(const std::string& text, Action action) {
  ResourceChange change;
  change.address = "hci_instance.x[\"" + text + "\"]";
  change.previous_address = "hci_instance." + text;
  change.type = "hci_instance";
  change.action = action;
  change.reason = text;
  change.deposed = text;
  change.importing_id = text;
  change.replace_paths = {text, "a"};
  PlanValue::Map before = {{"a", PlanValue::Value(text)}, {text, PlanValue::Value(text + "\n" + text)}};
  PlanValue::Map after = {{"a", PlanValue::Value(text + " ")}, {text, PlanValue::Value(text + "\nchanged")}};
  before.emplace("list", PlanValue::Value(PlanValue::List{PlanValue::Value(text)}));
  after.emplace("list",
                PlanValue::Value(PlanValue::List{PlanValue::Value(text + "x"), PlanValue::Value(before)}));
  change.body = ResourceChange::Body{PlanValue::Value(before), PlanValue::Value(after)};
  return change;
}

/// Every field that can hold something from outside holds it.
ProjectReport hostile_project(const std::string& text, const ChangeState& state) {
  Plan made = plan({hostile_change(text, Action::Delete), hostile_change(text, Action::Update),
                    hostile_change(text, Action::DeleteThenCreate), hostile_change(text, Action::Create)});
  OutputChange changed;
  changed.name = text;
  changed.action = Action::Update;
  changed.before = PlanValue::Value(text);
  changed.after = PlanValue::Value(text + "2");
  made.outputs = {changed};
  made.drift = {hostile_change(text, Action::Update)};
  Diagnostic diagnostic{false, text, text, text, text, 3, text};
  made.warnings = {diagnostic};
  made.noise_left_out = {text};
  made.complete = false;
  ProjectReport report = project(text, state, shown(made, "7f3a9e"));
  report.plan->record.flags = {text};
  report.plan->record.verdicts = {
      {text, PolicyLevel::Overridable, PolicyOutcome::Deny, {text}, {text, text}, ""},
      {text, PolicyLevel::Mandatory, PolicyOutcome::Error, {text}, {}, ""},
      {text, PolicyLevel::Overridable, PolicyOutcome::Deny, {text}, {text}, text}};
  report.compared_to = report.plan;
  report.compared_to->plan.changes.pop_back();
  report.compared_to->plan.changes.front().digest = "other";
  report.change.warnings = {diagnostic};
  report.unmet = {text, "approved: " + text};
  Machine made_known = machine(text, {text, "b"}, {text});
  report.machines = {{made_known}, {made_known}, {machine(text, {text}, {})}, {text}};
  return report;
}

PullReport hostile_pull(const std::string& text, std::vector<ChangeState> states) {
  std::vector<ProjectReport> projects;
  for (const ChangeState& state : states) projects.push_back(hostile_project(text, state));
  PullReport report = pull(std::move(projects));
  report.base_branch = text;
  report.notes = {text, text};
  report.conflicts = {text};
  report.waits_for = text;
  report.sandbox = text;
  return report;
}

std::vector<ChangeState> states_with(const std::string& text) {
  const Diagnostic diagnostic{true, text, text, text, text, 3, text};
  const UnwrittenState unwritten{text, text, false, text};
  return {phase::Waiting{text},
          phase::PlanFailed{"r", text, {diagnostic}},
          phase::PlanFailed{"r", text, {}},
          phase::Ready{"7f3a9e"},
          phase::Blocked{"7f3a9e"},
          phase::AwaitingConfirm{merge(), "7f3a9e", "old111", text},
          phase::AwaitingConfirm{merge(), "", "", text},
          phase::ApplyFailed{
              merge(), "7f3a9e", "r", 1, 2, text, {diagnostic}, "99", unwritten, {text, text, text, text}},
          phase::Interrupted{merge(), "7f3a9e", "r", {}, {}, text, "99", unwritten},
          phase::Degraded{{merge(), "7f3a9e", "r", false, {}}, {{text, text, text, 17}}},
          phase::Discarded{text}};
}

bool controls(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

void check_all(const Message& message) {
  Traits github;
  Traits plain;
  plain.alerts = false;
  plain.details = false;
  plain.diff_colours = false;
  for (const Traits& traits : {github, plain}) {
    const std::string text = to_markdown(message, traits);
    INFO(text);
    REQUIRE(complaint(text).empty());
    if (const auto html = drawn_by_cmark(text)) REQUIRE(complaint_about_html(*html, kOurPages) == "");
  }
}

TEST_CASE("nothing that comes from outside becomes markup, a link, a mention or a marker") {
  for (const std::string& text : hostile_texts()) {
    CAPTURE(text);
    check_all(hostile_pull(text, states_with(text)));
  }
}

TEST_CASE("one hostile project alone, whose name stands in the heading") {
  for (const std::string& text : hostile_texts()) {
    CAPTURE(text);
    check_all(hostile_pull(text, {phase::Ready{"7f3a9e"}}));
  }
}

TEST_CASE("short comments, replies and issues are as safe") {
  for (const std::string& text : hostile_texts()) {
    CAPTURE(text);
    for (const ChangeState& state : states_with(text)) {
      ResultNotice notice;
      notice.projects = {hostile_project(text, state)};
      notice.sticky_url = kOurPages;
      notice.command = "slipway";
      for (const auto what : {ResultNotice::What::Applied, ResultNotice::What::ApplyFailed,
                              ResultNotice::What::Interrupted, ResultNotice::What::AwaitingConfirm,
                              ResultNotice::What::DestroysChanged, ResultNotice::What::Degraded}) {
        notice.what = what;
        const std::string drawn = to_markdown(notice, Traits{});
        INFO(drawn);
        REQUIRE(complaint(drawn).empty());
      }
    }
    ProjectIssue issue;
    issue.project = hostile_project(text, states_with(text)[7]);
    issue.command = "slipway";
    CHECK(complaint(to_markdown(issue, Traits{})).empty());
    CHECK(issue_title(issue).find('\n') == std::string::npos);
    check_all(Reply{"alice", text + " " + text + "\n\n- " + text, text, ""});
  }
}

TEST_CASE("a page and a terminal get no markup and no escape sequence from outside") {
  for (const std::string& text : hostile_texts()) {
    CAPTURE(text);
    const PullReport report = hostile_pull(text, states_with(text));
    const std::string page = to_html(report);
    CHECK(page.find("<script") == std::string::npos);
    CHECK(page.find("<img") == std::string::npos);
    CHECK(page.find("href=\"https://evil") == std::string::npos);
    const std::string screen = to_terminal(report, false);
    CHECK_FALSE(std::any_of(screen.begin(), screen.end(), [](char c) { return c != '\n' && controls(c); }));
  }
}

TEST_CASE("statuses hold no control characters and fit, whatever is in them") {
  for (const std::string& text : hostile_texts()) {
    for (const StatusShown& status : statuses(hostile_pull(text, states_with(text)), Traits{})) {
      const std::string& said = status.text.description;
      CHECK_FALSE(std::any_of(said.begin(), said.end(), controls));
      CHECK(code_points(said) <= 140);
    }
  }
}

TEST_CASE("a hostile plan, to be looked at") {
  std::string everything;
  for (const std::string& text : hostile_texts()) everything += text + " ";
  ProjectReport report =
      project("prod/web", phase::Ready{"7f3a9e"},
              shown(plan({hostile_change("``` @everyone </details> <!-- slipway:v1 -->", Action::Update),
                          hostile_change(everything, Action::Create)}),
                    "7f3a9e", {{"tags", PolicyLevel::Advisory, PolicyOutcome::Warn, {everything}, {}, ""}}));
  check_golden("hostile.md",
               to_markdown(pull({report, project("@acme/<b>#1|x", phase::Planning{"r"})}), Traits{}));
}

}  // namespace
}  // namespace slipway::templates
