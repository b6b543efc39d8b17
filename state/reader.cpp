#include "core/crypto.h"
#include "core/json_reader.h"
#include "state/address.h"
#include "state/attributes.h"
#include "state/document_parts.h"
#include "state/state.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace slipway::state {
namespace {

constexpr std::int64_t kStateFormat = 4;

/// provider["registry.terraform.io/acme/hci"].west → registry.terraform.io/acme/hci
std::string provider_name(const std::string& text) {
  const auto open = text.find('"');
  const auto close = text.rfind('"');
  return open == close ? text : text.substr(open + 1, close - open - 1);
}

/// Some providers count: a number is an id too.
std::string id_of(const Json& attributes) {
  const Json* const id = attributes.find("id");
  if (id == nullptr) return {};
  if (id->is_string()) return id->string();
  return id->is_number() ? id->number().text : std::string();
}

Json index_of(const JsonReader& key) {
  if (key.empty()) return {};
  if (!key.value().is_number() && !key.value().is_string()) key.mismatch("a number or a string");
  return key.value();
}

Instance read_instance(const JsonReader& resource, const JsonReader& in, Json attributes,
                       std::string_view key) {
  Instance out;
  out.type = resource["type"].string();
  out.name = resource["name"].string();
  out.module = resource["module"].string_or("");
  out.provider = provider_name(resource["provider"].string_or(""));
  out.data_source = resource["mode"].string() == "data";
  out.index = index_of(in["index_key"]);
  out.deposed = in["deposed"].string_or("");
  out.address = address_of({out.module, out.data_source, out.type, out.name, out.index});
  out.values = attributes.is_object() ? std::move(attributes) : Json::object();
  unwrap_dynamic(out.values);
  out.id = id_of(out.values);
  // Keyed, so that a digest of a short secret can't be guessed back to it.
  out.digest = to_hex(hmac_sha256(key, out.values.dump()));
  if (const auto sensitive = in["sensitive_attributes"]; !sensitive.empty()) {
    hide_sensitive(out.values, sensitive.value());
    if (!out.values.is_object()) out.values = Json::object();
  }
  return out;
}

void read_resource(Json resource, std::string_view key, std::vector<Instance>& out) {
  const JsonReader in(resource);
  const std::string& mode = in["mode"].string();
  // What a later Terraform may keep besides these two is nothing that we could tell anybody about.
  if (mode != "managed" && mode != "data") return;
  const auto instances = in["instances"].items_or_none();
  for (std::size_t i = 0; i < instances.size(); ++i) {
    // A state that began before Terraform 0.12 keeps flat attributes until their first change.
    const char* const member = instances[i]["attributes"].empty() ? "attributes_flat" : "attributes";
    Json attributes = std::move(resource["instances"].array_items()[i][member]);
    out.push_back(read_instance(in, instances[i], std::move(attributes), key));
  }
}

Json outputs_of(const JsonReader& outputs) {
  Json out = Json::object();
  for (const auto& [name, output] : outputs.members_or_none()) {
    const bool sensitive = output["sensitive"].boolean_or(false);
    out[name] = sensitive || output["value"].empty() ? Json() : output["value"].value();
  }
  return out;
}

StateSerial serial_of(const JsonReader& in) {
  const std::int64_t format = in["version"].integer();
  if (format != kStateFormat) {
    throw JsonMismatch(
        {fmt::format("expected format {} (Terraform 0.12 and newer), not {}", kStateFormat, format),
         "version"});
  }
  const std::int64_t serial = in["serial"].integer();
  if (serial < 0) in["serial"].mismatch("no negative number");
  return {in["lineage"].string(), serial};
}

/// Streams the document into `hear`; JsonMismatch becomes a ParseError.
Result<void> take_apart(std::string_view bytes, DocumentParts::Hear hear) {
  DocumentParts parts(hear);
  try {
    return stream_json(bytes, parts);
  } catch (const JsonMismatch& mismatch) {
    return tl::unexpected(mismatch.error());
  }
}

}  // namespace

Result<State> read_state(std::string_view bytes, std::string_view key) {
  State state;
  Json header = Json::object();  // all but the resources
  std::size_t resources = 0;
  const auto hear = [&](const std::string& member, Json part) {
    if (member != "resources" || part.is_null()) {
      // One reader would take the first, like read_serial, another the last.
      if (header.find(member) != nullptr) throw JsonMismatch({"stands here twice", member});
      header[member] = std::move(part);
      return true;
    }
    try {
      read_resource(std::move(part), key, state.instances);
    } catch (const JsonMismatch& mismatch) {
      const ParseError& error = mismatch.error();
      const char* const dot = error.place.empty() ? "" : ".";
      throw JsonMismatch({error.message, fmt::format("resources[{}]{}{}", resources, dot, error.place)});
    }
    ++resources;
    return true;
  };
  if (auto done = take_apart(bytes, hear); !done) return tl::unexpected(done.error());
  return read_value(header, [&](const JsonReader& in) {
    state.serial = serial_of(in);
    state.terraform_version = in["terraform_version"].string_or("");
    state.outputs = outputs_of(in["outputs"]);
    std::sort(state.instances.begin(), state.instances.end(), [](const Instance& a, const Instance& b) {
      return std::tie(a.address, a.deposed) < std::tie(b.address, b.deposed);
    });
    return std::move(state);
  });
}

Result<StateSerial> read_serial(std::string_view bytes) {
  Json header = Json::object();
  const auto hear = [&](const std::string& member, Json part) {
    if (member == "version" || member == "serial" || member == "lineage") header[member] = std::move(part);
    return header.size() < 3;  // Terraform writes them first: the rest need not be read
  };
  if (auto done = take_apart(bytes, hear); !done) return tl::unexpected(done.error());
  return read_value(header, serial_of);
}

}  // namespace slipway::state
