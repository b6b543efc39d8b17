#include "runner/plan_reader.h"

#include "core/json_reader.h"
#include "runner/fd.h"
#include "runner/plan/reading.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace slipway::runner {
namespace {

constexpr std::size_t kReadBytes = 256u << 10;

/// The first reading learns what is sensitive; what it had already written by then, the second leaves out.
/// That may uncover constants given to sensitive variables, and the third leaves these out too.
constexpr int kMaxReadings = 3;

class PlanFile {
 public:
  explicit PlanFile(const std::string& path)
      : path_(path), file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), buffer_(kReadBytes, '\0') {
    if (!file_) throw_errno("reading " + path_);
  }

  /// Empty at the end.
  std::string_view next() {
    while (true) {
      const ssize_t count = ::read(file_.get(), buffer_.data(), buffer_.size());
      if (count >= 0) return {buffer_.data(), static_cast<std::size_t>(count)};
      if (errno != EINTR) throw_errno("reading " + path_);
    }
  }

 private:
  std::string path_;
  Fd file_;
  std::string buffer_;
};

struct Outcome {
  ReadPlan read;
  bool again = false;
};

Result<Outcome> read_once(const std::string& path, const PlanReadOptions& options, Sensitivities& sensitive) {
  PlanFile file(path);
  DocumentWriter writer(options.document_path);
  Reading reading(sensitive, options);
  PlanWalk walk(reading, writer);
  sensitive.values.forget_shown();
  try {
    if (auto heard = stream_json([&] { return file.next(); }, walk); !heard)
      return tl::unexpected(heard.error());
    Outcome outcome;
    outcome.read.document_digest = writer.finish();
    outcome.read.plan = reading.take();
    outcome.again = reading.knows_more() || sensitive.values.shown_too_early();
    return outcome;
  } catch (const JsonMismatch& mismatch) {
    return tl::unexpected(mismatch.error());
  }
}

}  // namespace

Result<ReadPlan> read_plan(const std::string& path, const PlanReadOptions& options) {
  Sensitivities sensitive;
  for (int readings = 1;; ++readings) {
    auto outcome = read_once(path, options, sensitive);
    if (!outcome) return tl::unexpected(outcome.error());
    if (!outcome->again || readings == kMaxReadings) return std::move(outcome->read);
  }
}

}  // namespace slipway::runner
