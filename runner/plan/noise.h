#pragma once

#include "runner/plan/difference.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace slipway::runner {

/// Attributes of which a project says that their changes mean nothing: "null_resource.*.triggers.now",
/// "module.net.hci_instance.web.annotations". A pattern is a resource's address and a path in it; `*` stands
/// for one word; keys of instances and indexes of lists are left out of both.
class Noise {
 public:
  explicit Noise(const std::vector<std::string>& patterns);

  /// Takes out of the differences of a resource what is noise, and names it in `left_out`.
  void leave_out(std::vector<AttributeDifference>& differences, std::string_view address,
                 std::set<std::string>& left_out) const;

 private:
  std::vector<std::vector<std::string>> patterns_;
};

}  // namespace slipway::runner
