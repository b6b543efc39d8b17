#include "runner/plan/change_reader.h"

#include "core/redactor.h"
#include "runner/plan/attribute_path.h"

#include <fmt/format.h>

namespace slipway::runner {
namespace {

Action read_actions(const JsonReader& in) {
  std::string words;
  for (const JsonReader& word : in.items()) words += (words.empty() ? "" : "-") + word.string();
  for (const Action action : {Action::NoOp, Action::Create, Action::Read, Action::Update, Action::Delete,
                              Action::DeleteThenCreate, Action::CreateThenDelete, Action::Forget})
    if (words == name_of(action)) return action;
  in.mismatch(fmt::format("actions that this version knows, not \"{}\"", words));
}

const Json& value_or(const JsonReader& in, const Json& otherwise) {
  return in.exists() ? in.value() : otherwise;
}

const Json kNull;
const Json kNothing = false;

PlanValue read_before(const JsonReader& change, const ValueReader& values) {
  return values.read(value_or(change["before"], kNull), kNothing,
                     value_or(change["before_sensitive"], kNothing));
}

PlanValue read_after(const JsonReader& change, const ValueReader& values) {
  return values.read(value_or(change["after"], kNull), value_or(change["after_unknown"], kNothing),
                     value_or(change["after_sensitive"], kNothing));
}

/// What an import names its object by: mostly an id, with some providers an identity of several attributes.
/// Some name it by what is sensitive (a random password by itself).
std::string read_import(const JsonReader& importing, const ValueReader& values) {
  if (importing.empty()) return {};
  if (importing["unknown"].boolean_or(false)) return "(known after apply)";
  if (!importing["identity"].empty()) return values.read(importing["identity"].value()).known().dump();
  const std::string id = importing["id"].string_or("(unnamed)");
  return values.read(Json(id)).is_sensitive() ? std::string(kRedacted) : id;
}

}  // namespace

ResourceChange read_change(const JsonReader& in, const ValueReader& values) {
  const JsonReader change = in["change"];
  ResourceChange out;
  out.address = in["address"].string();
  out.previous_address = in["previous_address"].string_or("");
  out.type = in["type"].string();
  out.name = in["name"].string();
  if (in["index"].exists()) out.index = in["index"].value();
  out.provider = in["provider_name"].string_or("");
  out.data_source = in["mode"].string_or("managed") == "data";
  out.deposed = in["deposed"].string_or("");
  out.action = read_actions(change["actions"]);
  out.reason = in["action_reason"].string_or("");
  for (const JsonReader& path : change["replace_paths"].items_or_none())
    out.replace_paths.push_back(path_text(path.value()));
  out.importing_id = read_import(change["importing"], values);
  out.body = ResourceChange::Body{read_before(change, values), read_after(change, values)};
  return out;
}

OutputChange read_output(const std::string& name, const JsonReader& in, const ValueReader& values) {
  OutputChange out;
  out.name = name;
  out.action = read_actions(in["actions"]);
  out.before = read_before(in, values);
  out.after = read_after(in, values);
  return out;
}

std::vector<Diagnostic> read_check(const JsonReader& in) {
  const bool is_check = in["address"]["kind"].string_or("") == "check";
  std::vector<Diagnostic> out;
  const auto add = [&](const JsonReader& checked, std::string detail) {
    Diagnostic& warning = out.emplace_back();
    warning.error = false;
    warning.summary = is_check ? "Check block assertion failed" : "Condition failed";
    warning.detail = std::move(detail);
    warning.address = checked["address"]["to_display"].string_or("");
  };
  for (const JsonReader& instance : in["instances"].items_or_none()) {
    const std::string status = instance["status"].string_or("");
    if (status != "fail" && status != "error") continue;
    const auto problems = instance["problems"].items_or_none();
    for (const JsonReader& problem : problems) add(instance, problem["message"].string_or(""));
    if (problems.empty()) add(instance, status == "error" ? "The condition could not be evaluated." : "");
  }
  const std::string status = in["status"].string_or("");
  if (out.empty() && (status == "fail" || status == "error"))
    add(in, status == "error" ? "The condition could not be evaluated." : "");
  return out;
}

}  // namespace slipway::runner
