#include "runner/keeper.h"

#include "core/failure.h"
#include "core/json_reader.h"
#include "runner/command_json.h"
#include "runner/files.h"
#include "runner/keeper_files.h"
#include "runner/process.h"
#include "runner/self.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace slipway::runner {
namespace {

constexpr std::string_view kKept = "kept";
constexpr std::size_t kMaxAnswer = 64u << 10;

/// Whether anybody holds the lock.
bool is_locked(const std::string& path) {
  const Fd file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!file) {
    if (errno == ENOENT) return false;
    throw_errno("opening " + path);
  }
  if (::flock(file.get(), LOCK_SH | LOCK_NB) == 0) return false;
  if (errno != EWOULDBLOCK) throw_errno("looking at the lock of " + path);
  return true;
}

Result<KeptExit> read_exit(std::string_view text) {
  return read_json(text, [](const JsonReader& in) {
    KeptExit kept;
    kept.exit.code = static_cast<int>(in["code"].integer_or(-1));
    kept.exit.signal = static_cast<int>(in["signal"].integer_or(0));
    kept.exit.timed_out = in["timed_out"].boolean_or(false);
    kept.exit.stopped = in["stopped"].boolean_or(false);
    kept.exit.out_of_memory = in["out_of_memory"].boolean_or(false);
    kept.failure = in["failure"].string_or("");
    return kept;
  });
}

std::string read_to_end(int fd) {
  std::string text;
  char buffer[4096];
  for (ssize_t count = 0; (count = ::read(fd, buffer, sizeof buffer)) != 0;) {
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 || text.size() > kMaxAnswer) break;
    text.append(buffer, static_cast<std::size_t>(count));
  }
  return text;
}

}  // namespace

Kept kept_state(const std::string& directory) {
  const KeeperFiles files(directory);
  // In this order: the keeper writes its last word before it lets go of the lock.
  if (is_locked(files.alive)) return Kept::Running;
  if (exists(files.exit)) return Kept::Ended;
  return exists(files.started) ? Kept::Lost : Kept::NotStarted;
}

std::optional<KeptExit> kept_exit(const std::string& directory) {
  if (kept_state(directory) != Kept::Ended) return {};
  const auto kept = read_exit(read_file(KeeperFiles(directory).exit));
  if (!kept) throw Failure("reading how an apply ended: " + kept.error().text());
  return *kept;
}

void start_keeper(const KeptCommand& kept) {
  const KeeperFiles files(kept.directory);
  // Of an attempt that never ran.
  ::unlink(files.exit.c_str());
  ::unlink(files.interrupt.c_str());

  const Json request = Json::object({{"directory", kept.directory},
                                     {"data_dir", kept.data_dir},
                                     {"mount_namespace", kept.mount_namespace},
                                     {"command", to_json(kept.command)}});
  const Fd input = make_memory_file(request.dump());
  if (::lseek(input.get(), 0, SEEK_SET) != 0) throw_errno("handing a keeper its request");
  Pipe answer = make_pipe();
  Spawn spawn;
  spawn.argv = internal_argv("keep");
  // The child is given this program as its fd 3 and becomes it.
  spawn.program = "/proc/self/fd/3";
  spawn.pass = {self()};
  spawn.in = input.get();
  spawn.out = answer.write.get();
  spawn.own_session = true;
  Process keeper = Process::start(spawn);
  answer.write.close();
  const std::string said = read_to_end(answer.read.get());
  // What ends here is the first of two processes: the keeper itself is nobody's child.
  keeper.wait();
  if (said != kKept) {
    throw Failure("starting the keeper of an apply: " + (said.empty() ? "it ended without a word" : said),
                  Retry::Later);
  }
}

void interrupt_kept(const std::string& directory) { replace_file(KeeperFiles(directory).interrupt, ""); }

}  // namespace slipway::runner
