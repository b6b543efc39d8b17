#include "core/failure.h"

namespace slipway {

Failure::Failure(std::string what, Retry retry, std::optional<std::chrono::seconds> after)
    : cause_(std::move(what)), text_(cause_), retry_(retry), after_(after) {}

void Failure::add_note(std::string_view doing) { text_ = std::string(doing) + ": " + text_; }

}  // namespace slipway
