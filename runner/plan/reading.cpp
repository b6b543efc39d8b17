#include "runner/plan/reading.h"

#include "runner/plan/attribute_path.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

namespace slipway::runner {
namespace {

/// Roughly what a value takes as text.
std::size_t weight(const PlanValue& value) {
  std::size_t sum = 8;
  if (const auto* text = value.string()) sum += text->size();
  if (const auto* list = value.list())
    for (const PlanValue& item : *list) sum += weight(item);
  if (const auto* map = value.map())
    for (const auto& [name, item] : *map) sum += name.size() + weight(item);
  return sum;
}

}  // namespace

Reading::Reading(Sensitivities& sensitive, const PlanReadOptions& options)
    : sensitive_(sensitive),
      redaction_(sensitive.values),
      values_(sensitive.values, options.tag_key),
      digests_(Noise(options.ignore_noise), values_.key_id()),
      configuration_(sensitive) {}

std::optional<Json> Reading::part(const PlanPlace& place, Json part) {
  if (place.path.size() == 1 && place.path[0] == "variables") {
    variables_ = std::move(part);
    return {};
  }
  redaction_.learn(part);
  read(place, part);
  if (place.path[0] == "configuration") configuration_.read(place, part);
  redaction_.clean(part);
  return part;
}

void Reading::read(const PlanPlace& place, const Json& part) {
  const std::string& section = place.path[0];
  const JsonReader in(part, place.text());
  const bool item = place.number.has_value();
  const auto expect = [&](bool fits, std::string_view what) {
    if (!fits) JsonReader(part, section).mismatch(what);
  };
  if (place.path.size() == 1 && !item && part.is_null()) return;
  if (section == "resource_changes" || section == "resource_drift" || section == "checks") {
    expect(item, "a list");
    if (section == "resource_changes") add_change(in);
    if (section == "resource_drift") add_drift(in);
    if (section != "checks") return;
    for (Diagnostic& warning : read_check(in)) plan_.warnings.push_back(std::move(warning));
  } else if (section == "output_changes") {
    expect(place.path.size() == 2 && !item, "an object");
    OutputChange output = read_output(place.path[1], in, values_);
    if (output.action == Action::NoOp) return;
    output.digest = digests_.of(output);
    plan_.outputs.push_back(std::move(output));
  } else if (section == "values") {
    JsonReader(part, section).mismatch("a plan, and this is a state");
  } else if (place.path.size() == 1 && !item) {
    read_scalar(section, in);
  }
}

void Reading::read_scalar(const std::string& name, const JsonReader& in) {
  if (name == "format_version") {
    if (!in.string().starts_with("1.")) in.mismatch(fmt::format("1.x, and this is {}", in.string()));
    versioned_ = true;
  }
  if (name == "terraform_version") plan_.terraform_version = in.string();
  if (name == "complete") plan_.complete = in.boolean();
  if (name == "errored") plan_.errored = in.boolean();
  if (name == "applyable") plan_.applyable = in.boolean();
}

void Reading::add_change(const JsonReader& in) {
  ResourceChange change = read_change(in, values_);
  note_sensitive_attributes(change, in["change"]);
  if (change.action == Action::NoOp && change.previous_address.empty() && change.importing_id.empty()) return;
  change.digest = digests_.of(change);
  add_body(change);
  plan_.changes.push_back(std::move(change));
}

void Reading::add_drift(const JsonReader& in) {
  ResourceChange change = read_change(in, values_);
  if (change.body->before == change.body->after) return;
  add_body(change);
  plan_.drift.push_back(std::move(change));
}

void Reading::add_body(ResourceChange& change) {
  const std::size_t bytes = weight(change.body->before) + weight(change.body->after);
  if (bodies_ < kMaxChangeBodies && body_bytes_ + bytes <= kMaxBodyBytes) {
    ++bodies_;
    body_bytes_ += bytes;
  } else {
    change.body.reset();
    ++plan_.bodies_left_out;
  }
}

void Reading::note_sensitive_attributes(const ResourceChange& change, const JsonReader& in) {
  for (const auto* side : {"before_sensitive", "after_sensitive"}) {
    const JsonReader mask = in[side];
    if (mask.empty() || !covers_any(mask.value())) continue;
    const std::string address = without_indexes(change.address);
    if (!mask.value().is_object()) {
      sensitive_.attributes.insert(address + ".*");
      continue;
    }
    for (const auto& [attribute, below] : mask.value().object_members())
      if (covers_any(below)) sensitive_.attributes.insert(fmt::format("{}.{}", address, attribute));
  }
}

/// The variables: which of them are sensitive, the configuration had to tell first.
Json::Object Reading::last() {
  if (variables_.is_null()) return {};
  std::map<std::string, PlanValue> values;
  JsonReader(variables_, "variables").members();
  for (auto& [name, variable] : variables_.object_members()) {
    if (!JsonReader(variable, "variables." + name)["value"].exists()) continue;
    Json& value = variable["value"];
    const bool hidden = configuration_.hides_variable(name);
    values.emplace(name, hidden ? values_.read_sensitive(value) : values_.read(value));
    hidden ? redaction_.clean_sensitive(value) : redaction_.clean_value(value);
  }
  configuration_.configuration().add_variables(std::move(values));
  return {{"variables", variables_}};
}

Plan Reading::take() {
  if (!versioned_) throw JsonMismatch({"is missing", "format_version"});
  for (ResourceChange& change : plan_.changes) {
    const Surroundings surroundings = configuration_.configuration().of(change);
    change.digest = digest_with(change.digest, surroundings);
    if (!change.digest.empty() && !surroundings.provisioners.empty()) plan_.provisioned = true;
  }
  const auto place = [](const ResourceChange& change) { return std::tie(change.address, change.deposed); };
  const auto by_place = [&](const ResourceChange& a, const ResourceChange& b) { return place(a) < place(b); };
  std::sort(plan_.changes.begin(), plan_.changes.end(), by_place);
  std::sort(plan_.drift.begin(), plan_.drift.end(), by_place);
  std::sort(plan_.outputs.begin(), plan_.outputs.end(),
            [](const OutputChange& a, const OutputChange& b) { return a.name < b.name; });
  plan_.counts = count(plan_.changes, plan_.outputs);
  plan_.noise_left_out.assign(digests_.left_out().begin(), digests_.left_out().end());
  plan_.semantic_digest = semantic_digest(plan_.changes, plan_.outputs);
  if (plan_.errored) plan_.complete = false;
  return std::move(plan_);
}

}  // namespace slipway::runner
