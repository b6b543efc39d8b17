#pragma once

#include "vcs/git.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace slipway::vcs {

/// Each fetch leaves a pack and each merge a few loose trees; looking an object up asks every pack.
inline constexpr std::size_t kMaxSmallPacks = 40;
inline constexpr std::uintmax_t kSmallPack = 32u << 20;  // bytes; larger ones are left alone
inline constexpr std::size_t kMaxLooseObjects = 5'000;

/// Writes the small packs, or the loose objects, into one when there are more than that: costs what came
/// since the last time, not the repository. For the mirror's one writer; who reads meanwhile finds every
/// object in the old place or the new. Nothing is ever dropped but what stands in the new pack.
void repack(git_repository* repository, const std::string& mirror);

}  // namespace slipway::vcs
