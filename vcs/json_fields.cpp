#include "vcs/json_fields.h"

#include <algorithm>

namespace slipway::vcs {
namespace {

/// Passes on what is wanted; a member that is not is dropped with all that is in it.
class Picker final : public JsonEvents {
 public:
  explicit Picker(Fields fields) : fields_(fields) {}

  bool null() override { return scalar() || builder_.null(); }
  bool boolean(bool value) override { return scalar() || builder_.boolean(value); }
  bool number(std::string_view text) override { return scalar() || builder_.number(text); }
  bool string(std::string&& value) override { return scalar() || builder_.string(std::move(value)); }
  bool key(std::string&& name) override {
    if (dropping_ > 0) return true;
    if (std::find(fields_.begin(), fields_.end(), name) != fields_.end())
      return builder_.key(std::move(name));
    drop_next_ = true;
    return true;
  }
  bool begin_object() override { return enters() || builder_.begin_object(); }
  bool end_object() override { return leaves() || builder_.end_object(); }
  bool begin_array() override { return enters() || builder_.begin_array(); }
  bool end_array() override { return leaves() || builder_.end_array(); }

  Json take() { return builder_.take(); }

 private:
  /// True when this value belongs to a dropped member.
  bool scalar() {
    if (dropping_ > 0) return true;
    return std::exchange(drop_next_, false);
  }
  bool enters() {
    if (dropping_ == 0 && !std::exchange(drop_next_, false)) return false;
    ++dropping_;
    return true;
  }
  bool leaves() {
    if (dropping_ == 0) return false;
    --dropping_;
    return true;
  }

  Fields fields_;
  JsonBuilder builder_;
  std::size_t dropping_ = 0;  // how deep inside a dropped member
  bool drop_next_ = false;
};

}  // namespace

Result<Json> parse_json_fields(std::string_view text, Fields fields) {
  Picker picker(fields);
  if (const auto read = stream_json(text, picker); !read) return tl::unexpected(read.error());
  return picker.take();
}

}  // namespace slipway::vcs
