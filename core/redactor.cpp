#include "core/redactor.h"

#include <algorithm>

namespace slipway {

Redactor::Redactor(std::vector<Secret> secrets) : secrets_(std::move(secrets)) {
  std::erase_if(secrets_, [](const Secret& secret) { return secret.reveal().size() < kMinRedacted; });
  std::sort(secrets_.begin(), secrets_.end(),
            [](const Secret& a, const Secret& b) { return a.reveal().size() > b.reveal().size(); });
  longest_ = secrets_.empty() ? 0 : secrets_.front().reveal().size();
}

std::string Redactor::redact(std::string_view text) const {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto hit = std::find_if(secrets_.begin(), secrets_.end(), [&](const Secret& secret) {
      return text.substr(at).starts_with(secret.reveal());
    });
    if (hit == secrets_.end()) {
      out += text[at++];
    } else {
      out += kRedacted;
      at += hit->reveal().size();
    }
  }
  return out;
}

std::string Redactor::add(std::string_view bytes) {
  if (longest_ == 0) return std::string(bytes);
  held_ += bytes;
  std::string out;
  std::size_t at = 0;
  // A position is decided once the longest secret would fit after it.
  while (held_.size() - at >= longest_) {
    const std::string_view rest = std::string_view(held_).substr(at);
    const auto hit = std::find_if(secrets_.begin(), secrets_.end(),
                                  [&](const Secret& secret) { return rest.starts_with(secret.reveal()); });
    if (hit == secrets_.end()) {
      out += held_[at++];
    } else {
      out += kRedacted;
      at += hit->reveal().size();
    }
  }
  held_.erase(0, at);
  return out;
}

std::string Redactor::end() {
  std::string out = redact(held_);
  held_.clear();
  return out;
}

}  // namespace slipway
