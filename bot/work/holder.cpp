#include "bot/work/worker.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace slipway::work {
namespace {

std::string first_line(const char* path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return line;
}

/// Field 22 of /proc/self/stat (proc(5)): clock ticks after boot; the command's name before it may hold
/// spaces.
std::string start_time() {
  const std::string stat = first_line("/proc/self/stat");
  std::size_t at = stat.rfind(')');
  for (int field = 2; field < 22 && at != std::string::npos; ++field) at = stat.find(' ', at + 1);
  return at == std::string::npos ? "" : stat.substr(at + 1, stat.find(' ', at + 1) - at - 1);
}

}  // namespace

std::string this_holder() {
  char host[256] = {};
  gethostname(host, sizeof host - 1);
  return fmt::format("{} {} {} {}", host, first_line("/proc/sys/kernel/random/boot_id"), getpid(),
                     start_time());
}

}  // namespace slipway::work
