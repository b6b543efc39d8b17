#pragma once

#include "core/json.h"
#include "core/plan_value.h"
#include "core/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace slipway {

enum class Action { NoOp, Create, Read, Update, Delete, DeleteThenCreate, CreateThenDelete, Forget };

inline bool destroys(Action action) {
  return action == Action::Delete || action == Action::DeleteThenCreate || action == Action::CreateThenDelete;
}
inline bool replaces(Action action) {
  return action == Action::DeleteThenCreate || action == Action::CreateThenDelete;
}

/// "create", "delete-create": for records and digests.
std::string_view name_of(Action action);

/// What Terraform complains about, as its -json output has it.
struct Diagnostic {
  bool error = true;  // else a warning
  std::string summary;
  std::string detail;
  std::string address;  // of the resource, where it has one
  std::string file;     // relative to the project's directory
  std::int64_t line = 0;
  std::string code;  // the source line
  bool operator==(const Diagnostic&) const = default;
};

/// One resource instance's change, from plan JSON (never by regex over text).
struct ResourceChange {
  std::string address;           // module.db.hci_instance.node[0]
  std::string previous_address;  // moved from; empty when not moved
  std::string type;
  std::string name;
  Json index;            // null, a number or a string
  std::string provider;  // registry.terraform.io/hashicorp/aws
  bool data_source = false;
  std::string deposed;
  Action action = Action::NoOp;
  std::string reason;                      // Terraform's action_reason
  std::vector<std::string> replace_paths;  // "image", "disk[0].size"
  std::string importing_id;
  std::string digest;  // semantic, 64 hex digits: what was approved is compared by it

  struct Body {
    PlanValue before;
    PlanValue after;
    bool operator==(const Body&) const = default;
  };
  /// Left out beyond kMaxChangeBodies or kMaxBodyBytes, so that a huge plan needs bounded memory.
  std::optional<Body> body;
  bool operator==(const ResourceChange&) const = default;
};

struct OutputChange {
  std::string name;
  Action action = Action::NoOp;
  PlanValue before;
  PlanValue after;
  std::string digest;
  bool operator==(const OutputChange&) const = default;
};

struct PlanCounts {
  std::size_t create = 0;
  std::size_t update = 0;
  std::size_t destroy = 0;  // without replacements
  std::size_t replace = 0;
  std::size_t read = 0;
  std::size_t import = 0;
  std::size_t move = 0;
  std::size_t forget = 0;
  std::size_t outputs = 0;
  bool none() const { return create + update + destroy + replace + import + move + forget + outputs == 0; }
  bool operator==(const PlanCounts&) const = default;
};

inline constexpr std::size_t kMaxChangeBodies = 2'000;
inline constexpr std::size_t kMaxBodyBytes = 8u << 20;

/// What a plan would do, with the sensitive values gone.
struct Plan {
  std::string terraform_version;
  bool complete = true;  // false with -target, or after an error
  bool errored = false;
  bool applyable = true;
  bool provisioned = false;             // one of its changes runs a provisioner
  std::vector<ResourceChange> changes;  // what is not a plain no-op: sorted by address, then deposed key
  std::vector<ResourceChange> drift;    // changed outside of Terraform
  std::vector<OutputChange> outputs;    // those that change, by name
  std::vector<Diagnostic> warnings;     // failed checks too
  PlanCounts counts;
  std::size_t bodies_left_out = 0;
  std::vector<std::string> noise_left_out;  // attributes that `ignore_noise` kept out of the digest
  std::string semantic_digest;              // design.md §4

  /// Addresses destroyed or replaced, sorted.
  std::vector<std::string> destroys() const;

  /// For our own storage (sealed).
  Json to_json() const;
  static Result<Plan> from_json(const Json& json);
  bool operator==(const Plan&) const = default;
};

PlanCounts count(const std::vector<ResourceChange>& changes, const std::vector<OutputChange>& outputs);

}  // namespace slipway
