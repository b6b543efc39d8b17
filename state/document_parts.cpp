#include "state/document_parts.h"

#include "core/json_reader.h"

namespace slipway::state {

void DocumentParts::require_document() const {
  if (!in_document_) throw JsonMismatch({"expected a Terraform state: an object", {}});
}

bool DocumentParts::key(std::string&& name) {
  if (depth_ > 0) return builder_.key(std::move(name));
  member_ = std::move(name);
  return true;
}

bool DocumentParts::begin_object() {
  if (!in_document_) {
    in_document_ = true;
    return true;
  }
  ++depth_;
  return builder_.begin_object();
}

bool DocumentParts::end_object() {
  if (depth_ == 0) return true;  // the document's own
  builder_.end_object();
  return --depth_ > 0 || hear_(member_, builder_.take());
}

bool DocumentParts::begin_array() {
  require_document();
  if (depth_ == 0 && !in_resources_ && member_ == "resources") {
    in_resources_ = true;
    return true;
  }
  ++depth_;
  return builder_.begin_array();
}

bool DocumentParts::end_array() {
  if (depth_ == 0) {
    in_resources_ = false;
    return true;
  }
  builder_.end_array();
  return --depth_ > 0 || hear_(member_, builder_.take());
}

}  // namespace slipway::state
