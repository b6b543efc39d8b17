#include "core/plan.h"

#include "core/json_reader.h"
#include "core/plan_members.h"
#include "core/record.h"

#include <algorithm>

namespace slipway {

template <>
inline constexpr auto kMembers<ResourceChange::Body> = std::tuple(
    member("before", &ResourceChange::Body::before), member("after", &ResourceChange::Body::after));

template <>
inline constexpr auto kMembers<ResourceChange> = std::tuple(
    member("address", &ResourceChange::address),
    member("previous_address", &ResourceChange::previous_address), member("type", &ResourceChange::type),
    member("name", &ResourceChange::name), member("index", &ResourceChange::index),
    member("provider", &ResourceChange::provider), member("data_source", &ResourceChange::data_source),
    member("deposed", &ResourceChange::deposed), member("action", &ResourceChange::action),
    member("reason", &ResourceChange::reason), member("replace_paths", &ResourceChange::replace_paths),
    member("importing_id", &ResourceChange::importing_id), member("digest", &ResourceChange::digest),
    member("body", &ResourceChange::body));

template <>
inline constexpr auto kMembers<OutputChange> =
    std::tuple(member("name", &OutputChange::name), member("action", &OutputChange::action),
               member("before", &OutputChange::before), member("after", &OutputChange::after),
               member("digest", &OutputChange::digest));

template <>
inline constexpr auto kMembers<Plan> = std::tuple(
    member("terraform_version", &Plan::terraform_version), member("complete", &Plan::complete),
    member("errored", &Plan::errored), member("applyable", &Plan::applyable),
    member("provisioned", &Plan::provisioned), member("changes", &Plan::changes),
    member("drift", &Plan::drift), member("outputs", &Plan::outputs), member("warnings", &Plan::warnings),
    member("counts", &Plan::counts), member("bodies_left_out", &Plan::bodies_left_out),
    member("noise_left_out", &Plan::noise_left_out), member("semantic_digest", &Plan::semantic_digest));

std::string_view name_of(Action action) { return word_of(action); }

std::vector<std::string> Plan::destroys() const {
  std::vector<std::string> out;
  for (const ResourceChange& change : changes)
    if (slipway::destroys(change.action)) out.push_back(change.address);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Json Plan::to_json() const { return write_record(*this); }

Result<Plan> Plan::from_json(const Json& json) { return record_from<Plan>(json); }

PlanCounts count(const std::vector<ResourceChange>& changes, const std::vector<OutputChange>& outputs) {
  PlanCounts counts;
  for (const ResourceChange& change : changes) {
    switch (change.action) {
      case Action::NoOp:
        break;
      case Action::Create:
        ++counts.create;
        break;
      case Action::Read:
        ++counts.read;
        break;
      case Action::Update:
        ++counts.update;
        break;
      case Action::Delete:
        ++counts.destroy;
        break;
      case Action::DeleteThenCreate:
      case Action::CreateThenDelete:
        ++counts.replace;
        break;
      case Action::Forget:
        ++counts.forget;
        break;
    }
    if (!change.importing_id.empty()) ++counts.import;
    if (!change.previous_address.empty()) ++counts.move;
  }
  for (const OutputChange& output : outputs)
    if (output.action != Action::NoOp) ++counts.outputs;
  return counts;
}

}  // namespace slipway
