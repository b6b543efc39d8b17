#pragma once

#include "core/function_ref.h"
#include "core/json.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace slipway::state {

/// Takes a state apart while it streams by: each member of the document whole, but "resources" item by item,
/// so that what we leave out of them (private data, dependencies, schemas) is never all in memory. A false
/// answer ends the reading. Throws JsonMismatch when the document is no object.
class DocumentParts final : public JsonEvents {
 public:
  using Hear = FunctionRef<bool(const std::string& member, Json part)>;
  explicit DocumentParts(Hear hear) : hear_(hear) {}

  bool null() override {
    return add([&] { builder_.null(); });
  }
  bool boolean(bool value) override {
    return add([&] { builder_.boolean(value); });
  }
  bool number(std::string_view text) override {
    return add([&] { builder_.number(text); });
  }
  bool string(std::string&& value) override {
    return add([&] { builder_.string(std::move(value)); });
  }
  bool key(std::string&& name) override;
  bool begin_object() override;
  bool end_object() override;
  bool begin_array() override;
  bool end_array() override;

 private:
  template <class Put>
  bool add(Put&& put) {
    require_document();
    put();
    return depth_ > 0 || hear_(member_, builder_.take());
  }
  void require_document() const;

  Hear hear_;
  JsonBuilder builder_;
  std::string member_;
  std::size_t depth_ = 0;  // of containers within the part being built
  bool in_document_ = false;
  bool in_resources_ = false;
};

}  // namespace slipway::state
