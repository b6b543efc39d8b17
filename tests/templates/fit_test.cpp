#include "templates/fit.h"

#include "templates/characters.h"
#include "templates/render.h"
#include "tests/templates/commonmark.h"
#include "tests/templates/generated.h"
#include "tests/templates/golden.h"
#include "tests/templates/samples.h"

#include <catch2/catch.hpp>

namespace slipway::templates {
namespace {

using namespace samples;  // NOLINT(google-build-using-namespace): the tests' own vocabulary

bool fits(const std::string& text, const Traits& traits) {
  return code_points(text) <= traits.max_comment_code_points && text.size() <= traits.max_comment_bytes;
}

std::size_t occurrences(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}

/// A plan of about so many lines: one destroy, then servers.
ProjectReport large(std::string_view dir, std::size_t lines) {
  std::vector<ResourceChange> changes = {destroyed("hci_instance.legacy", R"({"name": "old"})")};
  for (std::size_t i = 0; i * 4 < lines; ++i) {
    changes.push_back(
        created("hci_instance.server[" + std::to_string(i) + "]",
                R"({"name": "server-)" + std::to_string(i) + R"(", "cpu": 4, "id": {"$unknown": true}})"));
  }
  return project(dir, phase::Ready{"7f3a9e"}, shown(plan(std::move(changes)), "7f3a9e"));
}

TEST_CASE("what fits is left as it is") {
  const PullReport report = pull({large("a", 100)});
  Traits endless;
  endless.max_comment_code_points = endless.max_comment_bytes = 100'000'000;
  CHECK(to_markdown(report, Traits{}) == to_markdown(report, endless));
}

TEST_CASE("unchanged context goes first") {
  std::string before = "first\\nsecond\\n";
  for (int i = 0; i < 20; ++i) before += "line " + std::to_string(i) + "\\n";
  std::string after = before;
  after.replace(after.find("line 10"), 7, "line ten");
  const PullReport report = pull({project(
      "a", phase::Ready{"p"},
      shown(plan({updated("a.b", R"({"text": ")" + before + "\"}", R"({"text": ")" + after + "\"}")}),
            "p"))});
  const std::string whole = to_markdown(report, Traits{});
  CHECK(whole.find("line 9") != std::string::npos);
  Traits tight;
  tight.max_comment_code_points = code_points(whole) - 1;
  const std::string text = to_markdown(report, tight);
  CHECK(text.find("line 9") == std::string::npos);
  CHECK(text.find("line 10") != std::string::npos);
  CHECK(text.find("line ten") != std::string::npos);
  CHECK(text.find("full plan") == std::string::npos);
}

TEST_CASE("the largest body goes first, and keeps its row, its summary and what it destroys") {
  const PullReport report = pull({large("small", 30), large("huge", 40'000), large("middle", 300)});
  const std::string text = to_markdown(report, Traits{});
  CHECK(fits(text, Traits{}));
  CHECK(complaint(text).empty());
  // The small ones are whole.
  CHECK(occurrences(text, "server[7]\n") >= 2);
  CHECK(occurrences(text, "server[74]\n") >= 1);
  // The huge one: its head with what it destroys, its tail, and how much lies between.
  CHECK(occurrences(text, "- hci_instance.legacy\n") == 3);
  CHECK(text.find("server[9999]\n") != std::string::npos);
  CHECK(text.find(" lines in the [full plan](https://slipway.acme.example/runs/") != std::string::npos);
  CHECK(text.find("<b>huge</b> · 10,000 to add, 1 to destroy") != std::string::npos);
  CHECK(text.find("| [`huge`](") != std::string::npos);
  // The room there is gets used.
  CHECK(code_points(text) > 50'000);
}

TEST_CASE("a body of 5,000 lines: head, tail and a link between") {
  check_golden("oversized_body.md", to_markdown(pull({large("prod/web", 5'000)}), [] {
                 Traits small;
                 small.max_comment_code_points = 4'000;
                 return small;
               }()));
}

TEST_CASE("300 projects fit: the worst rows stay, the rest is counted") {
  std::vector<ProjectReport> projects;
  for (int i = 0; i < 297; ++i)
    projects.push_back(large("services/region-" + std::to_string(i % 7) + "/team-" + std::to_string(i), 60));
  projects.push_back(db(phase::Blocked{"11bb22"}));
  projects.push_back(project("dev", phase::PlanFailed{"r", "", {undeclared()}}));
  projects.push_back(project("prod/net", phase::NoChanges{"a"}));
  const std::string text = to_markdown(pull(projects), Traits{});
  CHECK(fits(text, Traits{}));
  CHECK(complaint(text).empty());
  CHECK(text.find("needs `@acme/dba` to approve") != std::string::npos);
  CHECK(text.find("+289 more") != std::string::npos);  // destroys beyond ten
  check_golden("oversized_projects.md", text);
}

TEST_CASE("a thousand projects with long names keep a hundred rows at most") {
  std::vector<ProjectReport> projects;
  for (int i = 0; i < 1'000; ++i)
    projects.push_back(project("p" + std::to_string(i) + "/" + std::string(110, 'x'),
                               phase::PlanFailed{"r", std::string(280, 'e'), {}}));
  const std::string text = to_markdown(pull(projects), Traits{});
  CHECK(fits(text, Traits{}));
  CHECK(complaint(text).empty());
  CHECK(occurrences(text, "\n| ❌ |") <= 100);
  CHECK(occurrences(text, "\n| ❌ |") >= 20);
  CHECK(text.find("more projects are not shown here.") != std::string::npos);
}

TEST_CASE("bytes count too: characters of three bytes reach that limit first") {
  std::vector<ResourceChange> changes;
  for (int i = 0; i < 3'000; ++i)
    changes.push_back(created("hci_instance.n" + std::to_string(i),
                              R"({"name": "서울특별시서울특별시서울특별시서울특별시"})"));
  const PullReport report = pull({project("a", phase::Ready{"p"}, shown(plan(changes), "p"))});
  Traits traits;
  traits.max_comment_bytes = 30'000;
  CHECK(fits(to_markdown(report, traits), traits));
  CHECK(fits(to_markdown(report, Traits{}), Traits{}));
}

TEST_CASE("whatever the plan and whatever the limit: it fits, is whole, and is the same each time") {
  for (std::uint32_t seed = 1; seed <= 24; ++seed) {
    PlanGenerator generator(seed);
    std::vector<ProjectReport> projects;
    for (std::size_t i = generator.below(6) + 1; i > 0; --i) {
      Plan made = generator.plan(generator.below(60));
      projects.push_back(
          project("p" + std::to_string(i), phase::Ready{"p"}, shown(made, "p" + std::to_string(i))));
    }
    const PullReport report = pull(projects);
    for (const std::size_t limit : {900, 2'000, 8'000, 60'000}) {
      CAPTURE(seed, limit);
      Traits traits;
      traits.max_comment_code_points = limit;
      traits.max_comment_bytes = limit * 3;
      traits.details = seed % 5 != 0;
      traits.alerts = seed % 7 != 0;
      const std::string text = to_markdown(report, traits);
      REQUIRE(fits(text, traits));
      REQUIRE(complaint(text) == "");
      if (limit == 8'000) REQUIRE(text == to_markdown(report, traits));
      REQUIRE(text.find(PlanGenerator::kTag) == std::string::npos);
      REQUIRE(visible(text.substr(0, 50)).find("\\x{") == std::string::npos);
    }
  }
}

TEST_CASE("other messages fit too") {
  ResultNotice notice;
  for (int i = 0; i < 50; ++i) {
    ProjectReport report = web(phase::ApplyFailed{merge(), "p", "r", 1, 2, std::string(5'000, 'e'), {}, ""});
    report.change.id.project.dir = std::string(900, 'd') + std::to_string(i);
    notice.projects.push_back(report);
  }
  notice.what = ResultNotice::What::ApplyFailed;
  notice.command = "slipway";
  for (int i = 0; i < 50; ++i) notice.mentions.push_back("user" + std::to_string(i));
  CHECK(code_points(to_markdown(notice, Traits{})) < 10'000);

  ProjectIssue issue;
  issue.project = large("prod/web", 40'000);
  issue.project.change.state = phase::ApplyFailed{merge(), "p", "r", 1, 2, "", {undeclared()}, "7f3a9e"};
  issue.command = "slipway";
  const std::string text = to_markdown(issue, Traits{});
  CHECK(fits(text, Traits{}));
  CHECK(text.find("What to do:") != std::string::npos);

  Traits tiny;
  tiny.max_comment_code_points = 500;
  CHECK(
      fits(to_markdown(Reply{"alice", std::string(20'000, 'x'), std::string(20'000, '\n'), ""}, tiny), tiny));
}

}  // namespace
}  // namespace slipway::templates
