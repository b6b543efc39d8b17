#pragma once

#include "runner/fd.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace slipway::runner {

/// One run's control group: bounds the memory and the number of all its processes together. Where the kernel
/// can't, or this user may not, it bounds nothing, and the sandbox's level says why. Removed with its owner.
class RunGroup {
 public:
  RunGroup() = default;
  RunGroup(RunGroup&& other) noexcept;
  RunGroup& operator=(RunGroup&&) = delete;
  ~RunGroup();

  bool bounds_memory() const { return memory_; }
  bool bounds_processes() const { return processes_; }
  /// Where a process that has no other threads joins, by writing "0": it and what it starts are in the group
  /// from then on. To be put there by another one costs that one a pause of the whole machine's forks, often
  /// ten milliseconds. Throws Failure.
  std::vector<Fd> doors() const;
  /// SIGKILL to all that are in it, whatever they do meanwhile. Without a group it does nothing.
  void kill() const noexcept;
  bool ran_out_of_memory() const;

 private:
  friend class ControlGroups;
  std::vector<std::string> directories_;  // one (version 2), or one for each controller (version 1)
  const char* door_ = "";
  bool memory_ = false;
  bool processes_ = false;
};

/// What this machine has of control groups, found once: version 2 where its controllers can be used, else
/// version 1, else nothing. Any thread.
class ControlGroups {
 public:
  ControlGroups();

  /// Empty when both bounds work; else a sentence for doctor.
  const std::string& lacking() const { return lacking_; }
  /// Throws Failure when the group can't be made although it could be at the start.
  RunGroup make(std::uint64_t memory, std::uint32_t processes) const;

 private:
  bool find_version_2();
  bool find_version_1();

  int version_ = 0;
  std::string memory_;  // directory in which groups are made; of version 2 both are the same
  std::string processes_;
  std::string lacking_;
};

}  // namespace slipway::runner
