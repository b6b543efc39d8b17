#include "tests/templates/samples.h"

#include "core/crypto.h"

#include <stdexcept>

namespace slipway::templates::samples {
namespace {

ResourceChange change(std::string_view address, Action action, std::string_view before,
                      std::string_view after) {
  ResourceChange out;
  out.address = address;
  const auto last = address.substr(0, address.find('['));
  const auto dot = last.rfind('.');
  out.name = last.substr(dot + 1);
  out.type = last.substr(0, dot).substr(last.substr(0, dot).rfind('.') + 1);
  out.action = action;
  out.digest = sha256_hex(std::string(address) + std::string(before) + std::string(after));
  out.body = ResourceChange::Body{value(before), value(after)};
  return out;
}

}  // namespace

PlanValue value(std::string_view json) {
  const auto parsed = parse_json(json);
  if (!parsed) throw std::invalid_argument(parsed.error().text());
  return PlanValue::from_json(*parsed);
}

ResourceChange created(std::string_view address, std::string_view after) {
  return change(address, Action::Create, "null", after);
}
ResourceChange destroyed(std::string_view address, std::string_view before) {
  return change(address, Action::Delete, before, "null");
}
ResourceChange updated(std::string_view address, std::string_view before, std::string_view after) {
  return change(address, Action::Update, before, after);
}
ResourceChange replaced(std::string_view address, std::string_view before, std::string_view after,
                        std::vector<std::string> paths) {
  ResourceChange out = change(address, Action::DeleteThenCreate, before, after);
  out.replace_paths = std::move(paths);
  out.reason = "replace_because_cannot_update";
  return out;
}

OutputChange output(std::string_view name, std::string_view before, std::string_view after) {
  OutputChange out;
  out.name = name;
  out.before = value(before);
  out.after = value(after);
  out.action = out.before.is_null() ? Action::Create : out.after.is_null() ? Action::Delete : Action::Update;
  out.digest = sha256_hex(std::string(before) + std::string(after));
  return out;
}

Plan plan(std::vector<ResourceChange> changes, std::vector<OutputChange> outputs) {
  Plan out;
  out.terraform_version = "1.11.4";
  out.changes = std::move(changes);
  out.outputs = std::move(outputs);
  out.counts = count(out.changes, out.outputs);
  return out;
}

PlanShown shown(Plan plan, PlanId id, std::vector<Verdict> verdicts) {
  PlanShown out;
  out.record.id = std::move(id);
  out.record.head = kHead;
  out.record.base = kBase;
  out.record.inputs.state = {"a9", 42};
  out.record.counts = plan.counts;
  out.record.destroys = plan.destroys();
  out.record.verdicts = std::move(verdicts);
  out.record.expires = from_millis(1'795'953'600'000);  // 2026-11-29 12:00 UTC
  out.plan = std::move(plan);
  return out;
}

Verdict passed(std::string_view policy) {
  return {std::string(policy), PolicyLevel::Mandatory, PolicyOutcome::Pass, {}, {}, ""};
}

Machine machine(std::string_view name, std::vector<std::string> groups, std::vector<std::string> jobs) {
  Machine out;
  out.name = name;
  out.groups = std::move(groups);
  std::int64_t port = 9100;
  for (std::string& job : jobs) out.exporters.push_back({port++, std::move(job), "", "", {}});
  return out;
}

Diagnostic undeclared() {
  Diagnostic out;
  out.summary = "Reference to undeclared resource";
  out.detail = "A managed resource \"hci_network\" \"x\" has not been declared in the root module.";
  out.address = "hci_instance.web";
  out.file = "main.tf";
  out.line = 14;
  out.code = "  network = hci_network.x.id";
  return out;
}

ProjectReport project(std::string_view dir, ChangeState state) {
  ProjectReport out;
  out.change.id = {{{"github", "acme/infra"}, 12}, {std::string(dir), "default", ""}};
  out.change.head = kHead;
  out.change.base = kBase;
  out.change.state = std::move(state);
  out.run_url = "https://slipway.acme.example/runs/" + sha256_hex(dir).substr(0, 8);
  return out;
}

ProjectReport project(std::string_view dir, ChangeState state, PlanShown plan) {
  ProjectReport out = project(dir, std::move(state));
  out.plan = std::move(plan);
  return out;
}

PullReport pull(std::vector<ProjectReport> projects) {
  PullReport out;
  out.pull.id = {{"github", "acme/infra"}, 12};
  out.pull.title = "Add two web servers";
  out.pull.author = "alice";
  out.pull.url = "https://github.example/acme/infra/pull/12";
  out.pull.base_branch = "main";
  out.head = kHead;
  out.base = kBase;
  out.base_branch = "main";
  out.projects = std::move(projects);
  out.page_url = "https://slipway.acme.example/pulls/github/acme/infra/12";
  out.sandbox = "full";
  out.command = "slipway";
  out.marker = "<!-- slipway:v1 pr=acme/infra#12 slot=sticky mac=5b0d head=9c1e4f2 -->";
  return out;
}

ProjectReport web(ChangeState state) {
  constexpr std::string_view kInstance = R"({"name": "web-0%", "cpu": 4, "memory_gb": 16, "tags": null,
    "address": {"$unknown": true}, "id": {"$unknown": true},
    "monitoring": {"exporters": [{"port": 9100, "job": "node"}, {"port": 9113, "job": "nginx"}]}})";
  const auto numbered = [&](char number) {
    std::string text(kInstance);
    text[text.find('%')] = number;
    return text;
  };
  std::vector<Verdict> verdicts;
  for (int i = 0; i < 14; ++i) verdicts.push_back(passed("rule-" + std::to_string(i)));
  ProjectReport out = project(
      "prod/web", std::move(state),
      shown(
          plan({created("hci_instance.web[1]", numbered('2')), created("hci_instance.web[2]", numbered('3'))},
               {output("addresses", R"(["10.0.0.11"])",
                       R"(["10.0.0.11", {"$unknown": true}, {"$unknown": true}])")}),
          "7f3a9e", verdicts));
  out.machines.joining = {machine("web-02", {"web", "seoul"}, {"node", "nginx"}),
                          machine("web-03", {"web", "seoul"}, {"node", "nginx"})};
  return out;
}

ProjectReport db(ChangeState state) {
  const Verdict denied = {"no-db-destroy",     PolicyLevel::Overridable,
                          PolicyOutcome::Deny, {"hci_instance.legacy would be destroyed"},
                          {"@acme/dba"},       ""};
  ProjectReport out = project(
      "prod/db", std::move(state),
      shown(
          plan(
              {destroyed("hci_instance.legacy",
                         R"({"name": "db-00", "address": "10.0.0.20", "cpu": 8, "id": "vm-20"})"),
               replaced(
                   "module.db.hci_instance.node[0]",
                   R"({"name": "db-01", "address": "10.0.0.21", "cpu": 8, "id": "vm-21", "image": "rocky-8",
                               "user_data": "#cloud-config\npackages:\n  - postgresql\n  - jq\n", "password": {"$sensitive": "aa"}})",
                   R"({"name": "db-01", "address": {"$unknown": true}, "cpu": 8, "id": {"$unknown": true},
                               "image": "rocky-9", "user_data": "#cloud-config\npackages:\n  - postgresql-16\n  - jq\n",
                               "password": {"$sensitive": "bb"}})",
                   {"image"}),
               updated(
                   "module.db.hci_pool.main",
                   R"({"name": "main", "size": 2, "members": [{"name": "a", "weight": 1}, {"name": "b", "weight": 1}],
                              "labels": {"team": "dba", "tier": "gold"}})",
                   R"({"name": "main", "size": 3, "members": [{"name": "a", "weight": 1}, {"name": "b", "weight": 5},
                              {"name": "c", "weight": 1}], "labels": {"team": "dba", "site": "seoul"}})"),
               updated("module.db.hci_policy.backup",
                       R"({"document": "{\"keep\": 7, \"hours\": [1, 2]}", "name": "backup"})",
                       R"({"document": "{\"keep\": 14, \"hours\": [1, 2]}", "name": "backup"})"),
               created("module.db.hci_volume.data", R"({"size_gb": 200, "name": "data"})")}),
          "11bb22", {denied, passed("tags")}));
  out.machines.leaving = {machine("db-00", {"db"}, {"node"})};
  out.machines.changing = {machine("db-01", {"db"}, {"node", "postgres"})};
  return out;
}

phase::Trigger merge() {
  phase::Trigger out;
  out.actor = "alice";
  out.commit = "c0ffee4d8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d";
  return out;
}

}  // namespace slipway::templates::samples
