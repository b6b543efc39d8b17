#pragma once

#include <string>

namespace slipway::runner {

/// Names of a keeper's files in a run's directory (runner/keeper.h says what each is).
struct KeeperFiles {
  std::string alive, started, output, errors, interrupt, exit;
  explicit KeeperFiles(const std::string& directory)
      : alive(directory + "/alive"),
        started(directory + "/started"),
        output(directory + "/output"),
        errors(directory + "/errors"),
        interrupt(directory + "/interrupt"),
        exit(directory + "/exit") {}
};

}  // namespace slipway::runner
