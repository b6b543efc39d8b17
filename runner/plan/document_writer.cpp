#include "runner/plan/document_writer.h"

#include <fcntl.h>

namespace slipway::runner {
namespace {

constexpr std::size_t kBufferBytes = 256u << 10;

}  // namespace

DocumentWriter::DocumentWriter(const std::string& path) {
  if (path.empty()) return;
  file_.emplace(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!*file_) throw_errno("writing " + path);
}

void DocumentWriter::key(std::string_view name) {
  if (!file_) return;
  separate();
  buffer_ += Json(name).dump();
  buffer_ += ':';
  first_ = true;
}

void DocumentWriter::value(const Json& value) {
  if (!file_) return;
  separate();
  buffer_ += value.dump();
  if (buffer_.size() >= kBufferBytes) flush();
}

std::string DocumentWriter::finish() {
  if (!file_) return {};
  flush();
  return digest_.hex();
}

void DocumentWriter::open(char bracket) {
  if (!file_) return;
  separate();
  buffer_ += bracket;
  first_ = true;
}

void DocumentWriter::close(char bracket) {
  if (!file_) return;
  buffer_ += bracket;
  first_ = false;
}

void DocumentWriter::separate() {
  if (!first_) buffer_ += ',';
  first_ = false;
}

void DocumentWriter::flush() {
  digest_.add(buffer_);
  write_all(file_->get(), buffer_);
  buffer_.clear();
}

}  // namespace slipway::runner
