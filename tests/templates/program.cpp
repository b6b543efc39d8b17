#include "tests/templates/program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace slipway::templates {

std::optional<std::string> output_of(std::vector<std::string> command) {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("slipway-output-" + std::to_string(getpid()))).string();
  std::vector<char*> arguments;
  for (std::string& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  int status = posix_spawnp(&child, arguments.front(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (status == 0) waitpid(child, &status, 0);
  std::optional<std::string> output;
  if (status == 0) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream held;
    held << file.rdbuf();
    output = held.str();
  }
  std::filesystem::remove(path);
  return output;
}

}  // namespace slipway::templates
