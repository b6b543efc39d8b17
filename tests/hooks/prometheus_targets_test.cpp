#include "hooks/prometheus_targets.h"

#include "tests/hooks/samples.h"

#include <catch2/catch.hpp>

namespace slipway::hooks {
namespace {

/// "10.0.0.1:9100 {label=value,…}", without the labels that are the same for all.
std::vector<std::string> told(const Targets& targets) {
  std::vector<std::string> out;
  CHECK(problem_of(targets.groups).empty());
  for (const Json& group : targets.groups.array_items()) {
    std::string line = group.find("targets")->array_items()[0].string();
    for (const auto& [name, value] : group.find("labels")->object_members())
      if (!name.starts_with("__meta_")) line += " " + name + "=" + value.string();
    out.push_back(line);
  }
  return out;
}

TEST_CASE("each exporter of each machine is a target") {
  CHECK(told(prometheus_targets({version("prod/web", {machine("web-1", "10.0.0.1", {9100, 9200})})})) ==
        std::vector<std::string>{"10.0.0.1:9100 job=node", "10.0.0.1:9200 job=node"});
}

TEST_CASE("a target carries where its machine is written down and what made it") {
  Machine one = machine("web-1", "10.0.0.1", {9100});
  one.groups = {"web", "prod"};
  const Json groups = prometheus_targets({version("prod/web", {one})}).groups;
  CHECK(
      groups.array_items()[0].dump() ==
      R"({"labels":{"__meta_slipway_address":"hci_instance.web-1","__meta_slipway_commit":")" +
          std::string(40, 'c') +
          R"(","__meta_slipway_dir":"prod/web","__meta_slipway_forge":"github","__meta_slipway_groups":",web,prod,",)"
          R"("__meta_slipway_machine":"web-1","__meta_slipway_pull":"12","__meta_slipway_repo":"acme/infra",)"
          R"("__meta_slipway_workspace":"default","job":"node"},"targets":["10.0.0.1:9100"]})");
}

TEST_CASE("the exporter's labels win over the machine's, and its job over both") {
  Machine one = machine("web-1", "10.0.0.1", {443});
  one.labels = {{"team", "web"}, {"tier", "back"}, {"job", "x"}};
  one.exporters[0].labels = {{"tier", "front"}, {"__param_module", "http_2xx"}};
  one.exporters[0].scheme = "https";
  one.exporters[0].metrics_path = "/probe";
  CHECK(told(prometheus_targets({version("a", {one})})) ==
        std::vector<std::string>{
            "10.0.0.1:443 __metrics_path__=/probe __param_module=http_2xx __scheme__=https job=node "
            "team=web tier=front"});
}

TEST_CASE("an IPv6 address stands in brackets") {
  CHECK(told(prometheus_targets({version("a", {machine("web-1", "fe80::1", {9100})})})) ==
        std::vector<std::string>{"[fe80::1]:9100 job=node"});
}

TEST_CASE("what can't be scraped is left out and said") {
  Machine bad = machine("bad", "10.0.0.2", {1});
  bad.labels = {{"cost-center", "7"}, {"__address__", "elsewhere"}, {"fine", "yes"}};
  const Targets targets = prometheus_targets(
      {version("a", {machine("late", "", {9100}), machine("odd", "a b", {1}), machine("silent", ""), bad})});
  CHECK(told(targets) == std::vector<std::string>{"10.0.0.2:1 fine=yes job=node"});
  CHECK(targets.problems ==
        std::vector<std::string>{R"(bad (hci_instance.bad): "__address__" is no name of a label.)",
                                 R"(bad (hci_instance.bad): "cost-center" is no name of a label.)",
                                 "late (hci_instance.late) has no address yet.",
                                 "odd (hci_instance.odd) has an address that is none."});
}

TEST_CASE("targets are filtered by job and by repo") {
  StateVersion other = version("b", {machine("db-1", "10.0.1.1", {9187})});
  other.key.repo = {"gitlab", "acme/other"};
  other.machines[0].exporters[0].job = "postgres";
  const Estate estate = {version("a", {machine("web-1", "10.0.0.1", {9100})}), other};
  CHECK(told(prometheus_targets(estate, {"postgres", ""})) ==
        std::vector<std::string>{"10.0.1.1:9187 job=postgres"});
  CHECK(told(prometheus_targets(estate, {"", "acme/infra"})) ==
        std::vector<std::string>{"10.0.0.1:9100 job=node"});
  CHECK(told(prometheus_targets(estate, {"", "gitlab/acme/other"})).size() == 1);
  CHECK(told(prometheus_targets(estate, {"", "github/acme/other"})).empty());
  CHECK(prometheus_targets(estate, {"none", ""}).groups.dump() == "[]");
}

TEST_CASE("the order is that of repos, directories and resources, whatever the estate's is") {
  const StateVersion a = version("a", {machine("z", "10.0.0.1", {1}), machine("b", "10.0.0.2", {2, 1})});
  const StateVersion b = version("b", {machine("a", "10.0.0.3", {1})});
  CHECK(prometheus_targets({a, b}).groups == prometheus_targets({b, a}).groups);
  CHECK(told(prometheus_targets({b, a})) ==
        std::vector<std::string>{"10.0.0.2:2 job=node", "10.0.0.2:1 job=node", "10.0.0.1:1 job=node",
                                 "10.0.0.3:1 job=node"});
}

TEST_CASE("what Prometheus would refuse as a whole is found before it is published") {
  const auto problem = [](const std::string& json) { return problem_of(*parse_json(json)); };
  CHECK(problem("[]").empty());
  CHECK(problem(R"([{"targets":["a:1","[::1]:65535"],"labels":{"__meta_x":"1","a_9":""}}])").empty());
  CHECK_FALSE(problem("{}").empty());
  CHECK_FALSE(problem("[null]").empty());
  CHECK_FALSE(problem(R"([{"targets":["a:1"]}])").empty());
  CHECK_FALSE(problem(R"([{"targets":["a:1"],"labels":{},"more":1}])").empty());
  CHECK_FALSE(problem(R"([{"targets":["a:1"],"labels":{"port":9100}}])").empty());
  for (const std::string name : {"a-b", "9a", "", "ä"})
    CHECK_FALSE(problem(R"([{"targets":["a:1"],"labels":{")" + name + R"(":"x"}}])").empty());
  for (const std::string target : {"a", "a:0", "a:65536", "a:x", "::1:9100", "[a]:1", ":1", "a b:1"})
    CHECK_FALSE(problem(R"([{"targets":[")" + target + R"("],"labels":{}}])").empty());
}

}  // namespace
}  // namespace slipway::hooks
