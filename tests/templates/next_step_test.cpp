#include "templates/next_step.h"

#include "templates/render.h"
#include "templates/sentences.h"
#include "tests/templates/samples.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <set>

namespace slipway::templates {
namespace {

using namespace samples;  // NOLINT(google-build-using-namespace): the tests' own vocabulary

std::string next(ChangeState state) { return next_step(web(std::move(state)), "slipway"); }

std::string next(ChangeState state, Withheld withheld) {
  ProjectReport report = web(std::move(state));
  report.withheld = std::move(withheld);
  return next_step(report, "slipway");
}

TEST_CASE("what is withheld says by whom, since when and until when") {
  Freeze freeze{{}, "moving the data center.", "root", true, from_millis(1'795'305'600'000), {}};
  CHECK(next(phase::Queued{merge()}, freeze) ==
        "frozen by `root` since Nov 22, 00:00 UTC: moving the data center");
  CHECK(next(phase::Ready{"p"}, freeze) == "applied when merged, once the freeze ends");
  CHECK(next(phase::Applying{merge(), "p", "r", 0, 0, false}, freeze) == "applying");
  CHECK(next(phase::NoChanges{"p"}, freeze) == "nothing to do");
  freeze.until = from_millis(1'795'392'000'000);
  CHECK(next(phase::Queued{merge()}, freeze) ==
        "frozen by `root` since Nov 22, 00:00 UTC until Nov 23, 00:00 UTC: moving the data center");
  const WindowClosed closed{from_millis(1), "Mon Nov 23, 09:00 (Europe/Berlin)"};
  CHECK(next(phase::Queued{merge()}, closed) ==
        "applied when its window opens, Mon Nov 23, 09:00 (Europe/Berlin)");
  CHECK(next(phase::Ready{"p"}, closed) ==
        "applied when merged, once its window opens, Mon Nov 23, 09:00 (Europe/Berlin)");
  CHECK(next(phase::Queued{merge()}, WindowClosed{}) == "none of its windows opens within a year");
  CHECK(next(phase::Ready{"p"}, WindowClosed{}) ==
        "applied when merged, but none of its windows opens within a year");
}

TEST_CASE("each state says exactly what happens next") {
  CHECK(next(phase::Waiting{}) == "not planned yet");
  CHECK(next(phase::Waiting{"it is a draft."}) == "waits: it is a draft");
  CHECK(next(phase::Planning{"r"}) == "planning");
  CHECK(next(phase::PlanFailed{"r", "", {undeclared()}}) == "`main.tf:14` reference to undeclared resource");
  CHECK(next(phase::PlanFailed{"r", "`terraform init` failed", {}}) == "`terraform init` failed");
  CHECK(next(phase::NoChanges{"p"}) == "nothing to do");
  CHECK(next(phase::Ready{"p"}) == "applied when merged");
  CHECK(next(phase::Queued{merge()}) == "next in the queue");
  CHECK(next(phase::Verifying{merge()}) == "checking that the plan still holds");
  CHECK(next(phase::Replanning{merge(), "r"}) == "planned again on the merged commit");
  CHECK(next(phase::AwaitingConfirm{merge(), "7f3a9e", "old", ""}) ==
        "confirm `slipway apply 7f3a9e`: it differs from what was reviewed");
  CHECK(next(phase::AwaitingConfirm{merge(), "", "", "planning it again failed: timeout"}) ==
        "planning it again failed: timeout");
  CHECK(next(phase::Applying{merge(), "p", "r", 0, 0, false}) == "applying");
  CHECK(next(phase::Applying{merge(), "p", "r", 12, 40, false}) == "applying (12 of 40 resources)");
  const phase::Applied applied{merge(), "p", "r", false, {}};
  CHECK(next(applied) == "applied: 2 added, 1 output changed");
  CHECK(next(phase::Applied{merge(), "p", "r", true, {}}) ==
        "applied: 2 added, 1 output changed (planned again, the same changes)");
  CHECK(next(phase::ApplyFailed{merge(), "p", "r", 3, 5, "x", {}, ""}) ==
        "failed after 3 of 5: see below; `slipway apply` retries");
  CHECK(next(phase::ApplyFailed{merge(), "p", "r", 0, 0, "x", {}, ""}) ==
        "failed: see below; `slipway apply` retries");
  CHECK(next(phase::Interrupted{merge(), "p", "r", {}, {}, "state serial moved 42 → 43", ""}) ==
        "interrupted: state serial moved 42 → 43, being planned again");
  CHECK(next(phase::Interrupted{merge(), "p", "r", {}, {}, "state serial moved 42 → 43", "99cc"}) ==
        "interrupted: state serial moved 42 → 43, planned again: `slipway apply 99cc` goes on");
  CHECK(next(phase::Onboarding{applied, 2}) ==
        "applied: 2 added, 1 output changed; making its machines known");
  CHECK(next(phase::Done{applied}) == "applied: 2 added, 1 output changed");
  CHECK(next(phase::Degraded{applied, {{"ansible", "web-03", "it gave up.", 17}}}) ==
        "applied: 2 added, 1 output changed; `ansible` of `web-03`: it gave up");
  const UnwrittenState unwritten{"5b0d", {}, false, {}};
  CHECK(next(phase::ApplyFailed{merge(), "p", "r", 1, 2, "", {}, "", unwritten}) ==
        "failed, and its state could not be written: see below");
  CHECK(next(phase::Discarded{}) == "discarded");
  CHECK(next(phase::Discarded{"by alice"}) == "discarded: by alice");
}

TEST_CASE("what is ready says how it is applied, and what is in the way first") {
  ProjectReport report = web(phase::Ready{"7f3a9e"});
  const auto said = [&] { return next_step(report, "atlantis"); };
  report.mode = ApplyMode::OnComment;
  CHECK(said() == "comment `atlantis apply`");
  report.mode = ApplyMode::InQueue;
  CHECK(said() == "applied in the merge queue");
  report.plan->record.flags = {"-target=a.b", "-refresh-only"};
  CHECK(said() == "comment `atlantis apply`: planned with `-target=a.b -refresh-only`");
  report.unmet = {"approved: no review approves this head"};
  CHECK(said() == "needs `approved` (no review approves this head)");
  report.stateless = "no backend is declared";
  CHECK(said() == "can't be applied: no backend is declared");
  report.stale = "`main` moved";
  CHECK(said() == "re-planned because `main` moved");
}

TEST_CASE("what is blocked names the policy that weighs most, and who may act") {
  ProjectReport report = web(phase::Blocked{"7f3a9e"});
  auto& verdicts = report.plan->record.verdicts;
  const auto said = [&] { return next_step(report, "slipway"); };
  verdicts = {{"cost", PolicyLevel::Overridable, PolicyOutcome::Error, {}, {}, ""}};
  CHECK(said() == "`cost` could not be asked: `slipway plan` tries again");
  verdicts.push_back({"size", PolicyLevel::Overridable, PolicyOutcome::Deny, {}, {"@acme/dba", "alice"}, ""});
  CHECK(said() == "needs `@acme/dba` or `alice` to approve `size`, and 1 more");
  verdicts.push_back({"public", PolicyLevel::Mandatory, PolicyOutcome::Deny, {}, {"@acme/sec"}, ""});
  CHECK(said() == "denied by `public`, which nobody may override, and 2 more");
  verdicts = {{"size", PolicyLevel::Overridable, PolicyOutcome::Deny, {}, {}, ""}};
  CHECK(said() == "needs `slipway approve size`");
  verdicts.front().overridden_by = "alice";
  CHECK(said() == "applied when merged");
}

TEST_CASE("the place in the queue is said with what is ahead") {
  ProjectReport report = web(phase::Queued{merge()});
  report.queue_ahead = "#9";
  for (const auto& [place, words] : std::vector<std::pair<std::size_t, std::string>>{
           {2, "2nd"}, {3, "3rd"}, {4, "4th"}, {11, "11th"}, {12, "12th"}, {21, "21st"}, {112, "112th"}}) {
    report.queue_place = place;
    CHECK(next_step(report, "slipway") == "waits for #9 in the queue (" + words + ")");
  }
}

TEST_CASE("a removed directory keeps what it made") {
  ProjectReport report = web(phase::Waiting{"its directory is gone"});
  report.change.removed = true;
  CHECK(next_step(report, "slipway") == "directory removed: what it made stays");
}

TEST_CASE("a sentence that does not exist, or a blank that nobody fills, is a bug") {
  CHECK_THROWS_AS(sentence("next.no_such"), std::logic_error);
  CHECK_THROWS_AS(sentence("next.waiting"), std::logic_error);
  CHECK_NOTHROW(sentence("next.waiting", {{"reason", words("x")}}));
}

TEST_CASE("a blank within code is only what it shows") {
  CHECK(plain_text(sentence("next.on_comment", {{"command", code("a`b") + bold(words("c"))}})) ==
        "comment `abc apply`");
}

TEST_CASE("each sentence is said somewhere, and no key is misspelled") {
  std::string sources;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(SLIPWAY_TEST_DIR) + "/../../templates")) {
    if (entry.path().extension() != ".cpp") continue;
    std::ifstream file(entry.path());
    sources.append(std::istreambuf_iterator<char>(file), {});
  }
  const std::vector<std::string> keys = sentence_keys();
  CHECK(keys.size() > 80);
  for (const std::string& key : keys) {
    CAPTURE(key);
    CHECK(sources.find('"' + key + '"') != std::string::npos);
  }
  // And the other way round: what the sources name exists.
  const std::set<std::string> known(keys.begin(), keys.end());
  const std::set<std::string> files = {"comment", "issue",  "machines", "next",   "notice",
                                       "plan",    "policy", "status",   "summary"};
  for (std::size_t at = sources.find('"'); at != std::string::npos; at = sources.find('"', at + 1)) {
    const std::string text = sources.substr(at + 1, sources.find('"', at + 1) - at - 1);
    const auto dot = text.find('.');
    const bool key = dot != std::string::npos && files.contains(text.substr(0, dot)) &&
                     text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_.") == std::string::npos;
    if (key) CHECK(known.contains(text));
  }
}

}  // namespace
}  // namespace slipway::templates
