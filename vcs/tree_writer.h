#pragma once

#include "vcs/git.h"

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>

namespace slipway::vcs {

inline constexpr std::size_t kMaxFileBytes = 512u << 20;
inline constexpr std::uint64_t kMaxCheckoutBytes = 8ull << 30;  // written by one checkout

/// What a checkout is brought from and to. No `from`: the directory is empty.
struct TreeStep {
  Sha from;
  Sha to;
};

struct Written {
  std::size_t files = 0;
  std::size_t removed = 0;
};

/// Brings a directory, which holds exactly the tree `from`, to the tree `to` by touching only what differs.
/// No filter is asked (line ends stay as committed, an LFS pointer stays a pointer), submodules are empty
/// folders.
///
/// A symbolic link that would leave the tree (link_target.h) is written as a link to itself. Refusing the
/// whole checkout would take a repository of 300 projects hostage to one link in a corner; leaving the link
/// out would let Terraform plan without a file that its author can see, which may be a destroy. A loop fails
/// exactly the run that reads it, with "too many levels of symbolic links", and can't be mistaken for a file
/// that isn't there.
///
/// Throws Failure (the directory then holds neither tree), Stopped.
Written bring_tree(git_repository* repository, const std::string& directory, const TreeStep& step,
                   const std::stop_token& stop);

}  // namespace slipway::vcs
