#include "bot/config/config.h"

#include "bot/config/yaml.h"
#include "tests/app_key.h"

#include <catch2/catch.hpp>

#include <cstdlib>

using namespace slipway;
using namespace slipway::config;

namespace {

constexpr std::string_view kSmall = R"(data_dir: /var/lib/slipway
forges:
  - kind: github
    url: https://github.com
    token: {env: SLIPWAY_TEST_TOKEN}
    webhook_secret: {env: SLIPWAY_TEST_TOKEN}
repos:
  - match: acme/*
)";

Config read(const std::string& text, bool secrets = true) {
  setenv("SLIPWAY_TEST_TOKEN", "t0ken-of-the-test", 1);
  return read_config(read_yaml(text, "slipway.yaml"), "slipway.yaml", secrets);
}

/// What is said about a configuration: FILE:LINE and the sentence.
std::string complaint(const std::string& text) {
  try {
    read(text);
  } catch (const SettingsError& error) {
    return error.what();
  }
  return {};
}

std::string with(std::string_view more) { return std::string(kSmall) + std::string(more); }

}  // namespace

TEST_CASE("the smallest configuration has sensible defaults") {
  const Config config = read(std::string(kSmall));
  CHECK(config.address == "127.0.0.1");
  CHECK(config.port == 4141);
  CHECK(config.workers == 2);
  CHECK(config.access.open);
  CHECK(config.key_file == "/var/lib/slipway/encryption.key");
  CHECK(config.forges.front().host.token.reveal() == "t0ken-of-the-test");
}

TEST_CASE("an unknown key is an error with its line and a suggestion") {
  CHECK(complaint(with("workrs: 3\n")) ==
        "slipway.yaml:9: unknown key \"workrs\"; did you mean \"workers\"?");
  CHECK(complaint(with("  - match: a/b\n    aply: on_merge\n")).find("did you mean \"apply\"") !=
        std::string::npos);
}

TEST_CASE("a literal secret is refused") {
  std::string text(kSmall);
  text.replace(text.find("{env: SLIPWAY_TEST_TOKEN}"), 25, "abcdef");
  CHECK(complaint(text).find("{env: NAME}") != std::string::npos);
}

TEST_CASE("a variable that is not set is named, but not when only the form is checked") {
  std::string text(kSmall);
  text.replace(text.find("SLIPWAY_TEST_TOKEN"), 18, "SLIPWAY_NOT_SET");
  CHECK(complaint(text).find("SLIPWAY_NOT_SET") != std::string::npos);
  CHECK_NOTHROW(read(text, false));
}

TEST_CASE("keys that stand twice, other documents and broken YAML are refused with their line") {
  CHECK(complaint(with("workers: 1\nworkers: 2\n")).find("slipway.yaml:10") == 0);
  CHECK(complaint(with("---\na: b\n")).find("more than one document") != std::string::npos);
  CHECK(complaint(", a: b\n").find("begins with a comma") != std::string::npos);
  CHECK(complaint(with("a: [\n")).find("slipway.yaml:") == 0);
}

TEST_CASE("an alias that unfolds without end is refused") {
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n";
  for (char name = 'b'; name < 'k'; ++name) {
    const char before = static_cast<char>(name - 1);
    bomb += std::string(1, name) + ": &" + name + " [";
    for (int i = 0; i < 9; ++i) bomb += std::string(i > 0 ? "," : "") + "*" + before;
    bomb += "]\n";
  }
  CHECK_FALSE(complaint(bomb).empty());
}

TEST_CASE("listening for others needs a word on access") {
  CHECK(complaint(with("listen: 0.0.0.0:4141\n")).find("access") != std::string::npos);
  CHECK(complaint(with("listen: 0.0.0.0:4141\naccess: open\n")).empty());
}

TEST_CASE("a repository that matches no entry is not listed") {
  const Config config = read(std::string(kSmall));
  CHECK(config.repo({"github", "acme/infra"}));
  CHECK_FALSE(config.repo({"github", "other/infra"}));
}

TEST_CASE("later entries win key by key") {
  const Config config =
      read(with("  - match: acme/infra\n    apply: on_comment\n  - match: acme/*\n    plan_expiry: 2h\n"));
  const auto repo = config.repo({"github", "acme/infra"});
  REQUIRE(repo);
  CHECK(repo->rules.apply == change::ApplyMode::OnComment);
  CHECK(repo->plan_expiry == std::chrono::hours(2));
  CHECK(config.repo({"github", "acme/web"})->rules.apply == change::ApplyMode::OnMerge);
}

TEST_CASE("a project of the list may be applied otherwise than its repository") {
  const Config config = read(with(R"(    apply: in_queue
    projects:
      - {dir: prod}
      - {dir: lab, name: bench, apply: on_merge}
)"));
  const auto rules = config.repo({"github", "acme/infra"})->rules;
  CHECK(rules.mode({"prod", "default", {}}) == change::ApplyMode::InQueue);
  CHECK(rules.mode({"lab", "default", "bench"}) == change::ApplyMode::OnMerge);
  CHECK(rules.mode({"lab", "default", {}}) == change::ApplyMode::OnMerge);
  CHECK(rules.mode({"lab", "default", "other"}) == change::ApplyMode::InQueue);
  CHECK(rules.mode({"lab", "blue", "bench"}) == change::ApplyMode::InQueue);
  CHECK(
      complaint(with("    projects: [{dir: lab, apply: always}]\n")).find("on_merge, on_comment, in_queue") !=
      std::string::npos);
}

TEST_CASE("windows of a later entry replace those of an earlier one, and a wrong one is refused at once") {
  const Config config = read(with(R"(    windows: {time_zone: UTC, allow: {days: mon}}
  - match: acme/infra
    windows:
      - {time_zone: UTC, deny: {days: fri}}
      - {time_zone: Asia/Seoul, projects: [prod/*], deny: {days: thu}}
)"));
  CHECK(config.windows({"github", "acme/infra"}).size() == 2);
  CHECK(config.windows({"github", "acme/other"}).size() == 1);
  CHECK(config.windows({"github", "else/where"}).empty());
  CHECK(complaint(with("    windows:\n      time_zone: Mars/Olympus\n      deny: {days: fri}\n")) ==
        "slipway.yaml:10: \"Mars/Olympus\" is no time zone of this system's tzdata; write one like "
        "Europe/Berlin, Asia/Seoul or UTC");
}

TEST_CASE("branches are patterns") {
  const Config config = read(with("    branch: [main, release-*]\n"));
  const auto repo = config.repo({"github", "acme/infra"});
  CHECK(repo->counts("main"));
  CHECK(repo->counts("release-1"));
  CHECK_FALSE(repo->counts("feature"));
}

TEST_CASE("environments by phase share what is common, and variables of Terraform are common only") {
  const Config config =
      read(with("    environment:\n      common: {TF_VAR_site: seoul}\n      plan: {USER: ro}\n"
                "      apply: {USER: rw}\n"));
  const auto repo = config.repo({"github", "acme/infra"});
  CHECK(repo->plan_environment.at("USER").reveal() == "ro");
  CHECK(repo->apply_environment.at("USER").reveal() == "rw");
  CHECK(repo->apply_environment.at("TF_VAR_site").reveal() == "seoul");
  CHECK(complaint(with("    environment:\n      plan: {TF_VAR_site: seoul}\n")).find("common") !=
        std::string::npos);
  CHECK(complaint(with("    environment:\n      plan: {PATH: /x}\n")).find("Slipway itself") !=
        std::string::npos);
}

TEST_CASE("durations are written with their units") {
  CHECK(read(with("reconcile: 1h30m\n")).reconcile == std::chrono::minutes(90));
  CHECK(complaint(with("reconcile: 90\n")).find("90s") != std::string::npos);
  CHECK_FALSE(complaint(with("reconcile: 0s\n")).empty());
}

TEST_CASE("choices name what can be chosen") {
  CHECK(complaint(with("    apply: always\n")).find("on_merge, on_comment, in_queue") != std::string::npos);
  CHECK(complaint(with("    requirements: [aproved]\n")).find("approved, mergeable, undiverged") !=
        std::string::npos);
  CHECK(complaint(with("    paths: {read: [etc]}\n")).find("absolute") != std::string::npos);
}

TEST_CASE("two sinks of one name are refused") {
  CHECK(complaint(with("hooks:\n  - {kind: prometheus_file_sd, directory: /a}\n  - {kind: "
                       "prometheus_file_sd, directory: /b}\n"))
            .find("another `name`") != std::string::npos);
}

TEST_CASE("a project waits for those that it names, by their name or directory") {
  const Config config = read(with(R"(    projects:
      - {dir: net, name: network}
      - {dir: prod/db, workspace: blue}
      - {dir: prod/web, depends_on: [network, prod/db]}
      - {dir: prod/cdn, depends_on: prod/db@blue}
)"));
  const auto projects = config.repo({"github", "acme/infra"})->projects;
  REQUIRE(projects.size() == 4);
  const ProjectId network = {"net", "default", "network"};
  const ProjectId database = {"prod/db", "blue", ""};
  CHECK(projects[2].depends_on == std::vector<ProjectId>{network, database});
  CHECK(projects[3].depends_on == std::vector<ProjectId>{database});
}

TEST_CASE("a project that waits for nobody knows whom, or for several, is refused with what to write") {
  CHECK(
      complaint(with(
          "    projects:\n      - {dir: net, name: network}\n      - {dir: web, depends_on: [netwrk]}\n")) ==
      "slipway.yaml:11: `depends_on` names \"netwrk\", which is no project here; did you mean \"network\"?");
  CHECK(complaint(with("    projects:\n      - {dir: web, depends_on: [somewhere/else]}\n")) ==
        "slipway.yaml:10: `depends_on` names \"somewhere/else\", which is no project here; write the `name` "
        "or the "
        "`dir` of a project of this list");
  CHECK(complaint(with(R"(    projects:
      - {dir: site, workspace: seoul}
      - {dir: site, workspace: busan, name: busan}
      - {dir: web, depends_on: site}
)")) == "slipway.yaml:12: `depends_on` names \"site\", which is several projects: busan, site@seoul; give "
        "each a `name`");
}

TEST_CASE("projects that wait for one another are refused, with the circle") {
  CHECK(complaint(with(R"(    projects:
      - {dir: edge, depends_on: a}
      - {dir: a, depends_on: b}
      - {dir: b, depends_on: c}
      - {dir: c, depends_on: a}
      - {dir: alone}
)")) == "slipway.yaml:11: these projects wait for one another: a → b → c → a; take one `depends_on` of them "
        "out");
  CHECK(complaint(with("    projects:\n      - {dir: a, depends_on: a}\n")).find("a → a") !=
        std::string::npos);
}

TEST_CASE("a project that stands twice is refused") {
  CHECK(complaint(with("    projects:\n      - {dir: a}\n      - {dir: ./a}\n")) ==
        "slipway.yaml:11: the project `a` stands here twice; give one of them another `name`");
}

TEST_CASE("an app stands in the place of a token") {
  std::string text(kSmall);
  const auto at = text.find("token: {env: SLIPWAY_TEST_TOKEN}");
  const auto with_app = [&](const std::string& section) {
    std::string changed = text;
    return changed.replace(at, 32, section);
  };
  setenv("SLIPWAY_TEST_APP_KEY", std::string(kAppKey).c_str(), 1);
  const Config config = read(with_app("app: {id: 4711, private_key: {env: SLIPWAY_TEST_APP_KEY}}"));
  REQUIRE(config.forges.front().host.app);
  CHECK(config.forges.front().host.app->id == "4711");
  CHECK(config.forges.front().host.token.empty());
  CHECK(
      complaint(with_app(
          "app: {id: 1, private_key: {env: SLIPWAY_TEST_APP_KEY}}\n    token: {env: SLIPWAY_TEST_TOKEN}")) ==
      "slipway.yaml:5: `app` stands in the place of `token`: keep one of the two");
  CHECK(complaint(with_app("app: {id: 1, private_key: {env: SLIPWAY_TEST_TOKEN}}"))
            .find("slipway.yaml:5: it holds no private key") == 0);
  CHECK(
      complaint(with_app("app: {id: a/b, private_key: {env: SLIPWAY_TEST_APP_KEY}}")).find("an app's `id`") !=
      std::string::npos);
  CHECK(complaint(with_app("app: {id: 1, private_key: abc}")).find("{file: PATH}") != std::string::npos);
}
