#include "policies/engine.h"
#include "policies/jq_call.h"
#include "policies/jq_program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <vector>

namespace slipway::policies {
namespace {

constexpr std::size_t kPiece = 64u << 10;

void write(std::string_view bytes) {
  // Nobody listens any more: there is nobody to tell, either.
  if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size()) _exit(1);
}

/// 0 at the end, -1 with errno when it can't be read.
ssize_t read_some(int from, char* to, std::size_t size) {
  for (;;) {
    const ssize_t count = read(from, to, size);
    if (count >= 0 || errno != EINTR) return count;
  }
}

/// The call's head: up to the first newline. What was read beyond it is the beginning of the inputs.
Result<JqHead> read_head(std::string& beyond) {
  std::string line;
  for (;;) {
    const auto end = line.find('\n');
    if (end != std::string::npos) {
      beyond = line.substr(end + 1);
      line.resize(end);
      return policies::read_head(line);
    }
    char piece[kPiece];
    const ssize_t count = read_some(STDIN_FILENO, piece, sizeof piece);
    if (count <= 0) return refuse("the call has no end");
    line.append(piece, static_cast<std::size_t>(count));
  }
}

/// From here on no file can be opened, whatever a program finds to open one with (`import`, `modulemeta`, a
/// time zone), and there is no environment to read.
void close_the_doors() {
  static char* nothing[] = {nullptr};
  environ = nothing;  // not clearenv: libjq reads the list without asking whether there is one
  const rlimit none{0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0) _exit(1);
#if !defined(__SANITIZE_ADDRESS__)  // which comes with a sanitizer that looks at memory through pipes
  if (setrlimit(RLIMIT_NOFILE, &none) != 0) _exit(1);
#endif
}

Result<void> run(std::string& beyond, JqHead head) {
  int input = STDIN_FILENO;
  if (!head.document.empty()) {
    beyond.clear();
    input = open(head.document.c_str(), O_RDONLY | O_CLOEXEC);
    if (input < 0) return refuse(fmt::format("cannot read {}: {}", head.document, std::strerror(errno)));
  }
  close_the_doors();
  auto program = JqProgram::compile(head.program, head.arguments);
  if (!program) return tl::unexpected(program.error());
  const auto hear = [](std::string_view yielded) { write(yielded); };
  if (auto done = program->feed(beyond, false, hear); !done) return done;
  std::vector<char> piece(kPiece);
  for (;;) {
    const ssize_t count = read_some(input, piece.data(), piece.size());
    if (count < 0) return refuse(fmt::format("cannot read its input: {}", std::strerror(errno)));
    const std::string_view bytes(piece.data(), static_cast<std::size_t>(count));
    if (auto done = program->feed(bytes, bytes.empty(), hear); !done) return done;
    if (bytes.empty()) return {};
  }
}

}  // namespace

int jq_child() {
  try {
    std::string beyond;
    auto head = read_head(beyond);
    const auto done = head ? run(beyond, *std::move(head)) : Result<void>(tl::unexpected(head.error()));
    // What was yielded before an error may have left its line open.
    if (!done) write("\n");
    write(done ? end_line() : end_line(done.error()));
    // Nothing that tidies up at a program's end may be surprised by the closed doors.
    _exit(std::fflush(stdout) == 0 ? 0 : 1);
  } catch (const std::bad_alloc&) {
    return kJqOutOfMemory;
  }
}

}  // namespace slipway::policies
