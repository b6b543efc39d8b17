#include "runner/cli/tool.h"

#include "core/failure.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace slipway::runner {
namespace {

namespace fs = std::filesystem;

/// A wrapper of a wrapper of a wrapper is followed; more is a loop.
constexpr int kMaxHops = 8;
constexpr std::size_t kMaxScript = 64u << 10;
/// Programs beside a wrapper that it may call by `$(dirname "$0")`.
constexpr std::size_t kMaxBeside = 64;

bool is_program(const fs::path& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

std::string on_path(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream directories(path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path);
  for (std::string directory; std::getline(directories, directory, ':');) {
    const fs::path candidate = fs::path(directory) / name;
    if (candidate.is_absolute() && is_program(candidate)) return candidate;
  }
  throw Failure(fmt::format("there is no program {} on PATH ({})", name, path == nullptr ? "not set" : path));
}

/// The text of a script; empty for any other program.
std::string script_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxScript, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text.starts_with("#!") ? text : std::string();
}

/// Whatever looks like an absolute path in a text.
std::vector<std::string> absolute_paths(const std::string& text) {
  constexpr std::string_view kEnds = " \t\r\n\"'`;|&()<>{}$=,:!";
  std::vector<std::string> paths;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(kEnds, at)) != std::string::npos) {
    const std::size_t end = std::min(text.find_first_of(kEnds, at), text.size());
    if (text[at] == '/') paths.push_back(text.substr(at, end - at));
    at = end;
  }
  return paths;
}

class Search {
 public:
  void show(const fs::path& path, int hops = 0) {
    if (hops > kMaxHops || !shown_.insert(path).second) return;
    add(path);
    if (fs::is_symlink(fs::symlink_status(path))) {
      const fs::path target = path.parent_path() / fs::read_symlink(path);
      return show(target.lexically_normal(), hops + 1);
    }
    const std::string text = script_text(path);
    if (text.empty()) return;
    for (const auto& named : absolute_paths(text)) {
      if (is_program(named)) show(named, hops + 1);
    }
    show_beside(path);
  }

  std::vector<Bind> take() { return std::move(binds_); }

 private:
  void add(const fs::path& path) { binds_.push_back({path, path, false}); }

  void show_beside(const fs::path& script) {
    std::error_code error;
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(script.parent_path(), error)) {
      if (!is_program(entry.path()) || shown_.contains(entry.path())) continue;
      if (++count > kMaxBeside) return;
      shown_.insert(entry.path());
      add(entry.path());
    }
  }

  std::set<fs::path> shown_;
  std::vector<Bind> binds_;
};

}  // namespace

Tool find_tool(const std::string& name) {
  Tool tool;
  tool.path =
      name.find('/') == std::string::npos ? on_path(name) : fs::absolute(name).lexically_normal().string();
  if (!is_program(tool.path)) throw Failure(fmt::format("{} is not a program that can be run", tool.path));
  Search search;
  search.show(tool.path);
  tool.binds = search.take();
  return tool;
}

}  // namespace slipway::runner
