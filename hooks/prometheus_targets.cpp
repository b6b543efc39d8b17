#include "hooks/prometheus_targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>

namespace slipway::hooks {
namespace {

using Labels = std::map<std::string, std::string>;

bool matches(const TargetFilter& filter, const RepoId& repo) {
  return filter.repo.empty() || filter.repo == repo.path || filter.repo == to_string(repo);
}

/// The form in which discoveries tell lists, so that a regular expression finds ",web,".
std::string listed(const std::vector<std::string>& groups) {
  return groups.empty() ? std::string() : fmt::format(",{},", fmt::join(groups, ","));
}

Labels place_labels(const StateVersion& version, const Machine& machine) {
  return {{"__meta_slipway_forge", version.key.repo.forge},
          {"__meta_slipway_repo", version.key.repo.path},
          {"__meta_slipway_dir", version.key.project.dir},
          {"__meta_slipway_workspace", version.key.project.workspace},
          {"__meta_slipway_address", machine.resource},
          {"__meta_slipway_machine", machine.name},
          {"__meta_slipway_groups", listed(machine.groups)},
          {"__meta_slipway_pull", version.pull.number > 0 ? std::to_string(version.pull.number) : ""},
          {"__meta_slipway_commit", version.commit}};
}

std::string target_of(const std::string& address, std::int64_t port) {
  const bool is_v6 = address.find(':') != std::string::npos;
  return is_v6 ? fmt::format("[{}]:{}", address, port) : fmt::format("{}:{}", address, port);
}

class Writer {
 public:
  explicit Writer(const TargetFilter& filter) : filter_(filter) {}

  void add(const StateVersion& version) {
    if (!matches(filter_, version.key.repo)) return;
    std::vector<const Machine*> machines;
    for (const Machine& machine : version.machines) machines.push_back(&machine);
    std::sort(machines.begin(), machines.end(),
              [](const Machine* a, const Machine* b) { return a->resource < b->resource; });
    for (const Machine* machine : machines) add(version, *machine);
  }

  Targets take() { return std::move(out_); }

 private:
  void add(const StateVersion& version, const Machine& machine) {
    if (machine.exporters.empty()) return;
    if (!is_address(machine.address)) {
      const char* const what = machine.address.empty() ? "has no address yet" : "has an address that is none";
      out_.problems.push_back(fmt::format("{} ({}) {}.", machine.name, machine.resource, what));
      return;
    }
    const Labels labels = place_labels(version, machine);
    for (const Exporter& exporter : machine.exporters) {
      if (filter_.job.empty() || filter_.job == exporter.job) add(machine, exporter, labels);
    }
  }

  void add(const Machine& machine, const Exporter& exporter, Labels labels) {
    take_over(machine.labels, machine, labels);
    take_over(exporter.labels, machine, labels);
    if (!exporter.job.empty()) labels.insert_or_assign("job", exporter.job);
    if (!exporter.scheme.empty()) labels.insert_or_assign("__scheme__", exporter.scheme);
    if (!exporter.metrics_path.empty()) labels.insert_or_assign("__metrics_path__", exporter.metrics_path);
    Json::Object written(labels.begin(), labels.end());
    out_.groups.push_back(
        Json::object({{"targets", Json(Json::Array{target_of(machine.address, exporter.port)})},
                      {"labels", std::move(written)}}));
  }

  void take_over(const Labels& from, const Machine& machine, Labels& to) {
    for (const auto& [name, value] : from) {
      if (is_label_name(name) || name.starts_with("__param_")) {
        to.insert_or_assign(name, value);
      } else {
        out_.problems.push_back(
            fmt::format("{} ({}): \"{}\" is no name of a label.", machine.name, machine.resource, name));
      }
    }
  }

  const TargetFilter& filter_;
  Targets out_;
};

/// Those that Prometheus keeps for itself count too.
bool is_any_label_name(std::string_view name) {
  while (name.starts_with("__")) name.remove_prefix(1);
  return is_label_name(name);
}

bool is_target(const Json& target) {
  if (!target.is_string()) return false;
  const std::string_view text = target.string();
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return false;
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.starts_with("[") && host.ends_with("]");
  if (bracketed) host = host.substr(1, host.size() - 2);
  int port = 0;
  const auto [end, error] = std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
  return is_address(host) && bracketed == (host.find(':') != std::string_view::npos) &&
         error == std::errc() && end == text.data() + text.size() && port > 0 && port <= 65'535;
}

std::string problem_of_group(const Json& group) {
  const Json* const targets = group.find("targets");
  const Json* const labels = group.find("labels");
  if (group.size() != 2 || targets == nullptr || labels == nullptr)
    return "a group has other members than targets and labels";
  if (!targets->is_array() || !labels->is_object()) return "targets are no list, or labels no map";
  for (const Json& target : targets->array_items())
    if (!is_target(target)) return fmt::format("{} is no target", target.dump());
  for (const auto& [name, value] : labels->object_members()) {
    if (!is_any_label_name(name)) return fmt::format("\"{}\" is no name of a label", name);
    if (!value.is_string()) return fmt::format("the label {} is no text: {}", name, value.dump());
  }
  return {};
}

}  // namespace

Targets prometheus_targets(const Estate& estate, const TargetFilter& filter) {
  std::vector<const StateVersion*> versions;
  for (const StateVersion& version : estate) versions.push_back(&version);
  std::sort(versions.begin(), versions.end(), [](const StateVersion* a, const StateVersion* b) {
    return std::tie(a->key.repo, a->key.project.dir, a->key.project.workspace) <
           std::tie(b->key.repo, b->key.project.dir, b->key.project.workspace);
  });
  Writer writer(filter);
  for (const StateVersion* version : versions) writer.add(*version);
  return writer.take();
}

std::string problem_of(const Json& groups) {
  if (!groups.is_array()) return "it is no list";
  for (const Json& group : groups.array_items())
    if (std::string problem = problem_of_group(group); !problem.empty()) return problem;
  return {};
}

}  // namespace slipway::hooks
