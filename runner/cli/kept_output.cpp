#include "runner/cli/kept_output.h"

#include "runner/cli/errors.h"
#include "runner/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

namespace slipway::runner {
namespace {

constexpr off_t kMaxErrors = 256 << 10;
constexpr std::size_t kMaxLine = 1u << 20;

/// The last of a file.
std::string end_of(const std::string& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return {};
  const off_t size = std::max<off_t>(::lseek(file.get(), 0, SEEK_END), 0);
  std::string text(static_cast<std::size_t>(std::min(size, kMaxErrors)), '\0');
  const ssize_t count = ::pread(file.get(), text.data(), text.size(), size - static_cast<off_t>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  return text;
}

}  // namespace

Progress::Progress(const PlanCounts& counts, RunLog& log)
    : total_(counts.create + counts.update + counts.destroy + counts.replace), log_(log) {}

void Progress::hear(const UiEvent& event) {
  if (const auto* start = std::get_if<ApplyStart>(&event.what)) {
    if (start->action != "read") set(start->address, false);
  } else if (const auto* complete = std::get_if<ApplyComplete>(&event.what)) {
    if (complete->action != "read") set(complete->address, true);
  } else if (const auto* diagnostic = std::get_if<Diagnostic>(&event.what)) {
    diagnostics.push_back(*diagnostic);
  }
}

/// What is replaced starts twice, and is done the second time.
void Progress::set(const std::string& address, bool done_now) {
  resources_[address] = done_now;
  log_.progress(done(), total());
}

std::size_t Progress::done() const {
  return static_cast<std::size_t>(std::count_if(resources_.begin(), resources_.end(),
                                                [](const auto& resource) { return resource.second; }));
}

std::size_t Progress::total() const { return std::max(total_, resources_.size()); }

KeptOutput::KeptOutput(const KeeperFiles& files, const RunSettings& settings, Progress& progress, RunLog& log)
    : files_(files), log_(log, settings), progress_(progress) {}

void KeptOutput::read_on() {
  if (!file_) file_ = Fd(::open(files_.output.c_str(), O_RDONLY | O_CLOEXEC));
  char buffer[64 * 1024];
  for (ssize_t count = 0; file_ && (count = ::read(file_.get(), buffer, sizeof buffer)) > 0;) {
    held_.append(buffer, static_cast<std::size_t>(count));
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = held_.find('\n', begin)) != std::string::npos; begin = end + 1) {
      take(std::string_view(held_).substr(begin, end - begin));
    }
    held_.erase(0, begin);
    if (held_.size() > kMaxLine) held_.clear();  // output that was given back reads as zeros
  }
}

void KeptOutput::finish() {
  read_on();
  if (!held_.empty()) take(held_);
  held_.clear();
  const std::string errors = end_of(files_.errors);
  log_.text(errors);
  log_.end_part();
  if (progress_.diagnostics.empty()) progress_.diagnostics = diagnostics_in_text(errors);
  for (auto& diagnostic : progress_.diagnostics) {
    for (std::string* text : {&diagnostic.summary, &diagnostic.detail, &diagnostic.code})
      *text = log_.redacted(*text);
  }
}

void KeptOutput::take(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of('\0'), line.size()));
  if (line.empty()) return;
  const UiEvent event = read_ui_line(line);
  if (!event.text.empty()) log_.text(event.text + "\n");
  progress_.hear(event);
}

}  // namespace slipway::runner
