#pragma once

#include "core/children.h"
#include "core/sandbox.h"

#include <memory>
#include <string>
#include <string_view>

namespace slipway::runner {

/// Opens /proc/self/exe, so that children and keepers are started from this very program, whatever an upgrade
/// puts in its place on disk. Called once, first thing in main.
void remember_self();

std::unique_ptr<Children> make_children();

/// The strongest sandbox this machine permits; level() says which.
std::unique_ptr<Sandbox> make_sandbox(const std::string& data_dir);

/// What this program does as its own child of this name; its exit code.
using ChildMain = int (*)(std::string_view name);

/// `slipway internal enter`: sets limits and filters on itself, then becomes the command (never returns when
/// that works), or the child that it was asked for.
int enter_child(ChildMain child);
/// `slipway internal keep`: runs an apply and outlives the server.
int keep_child();

}  // namespace slipway::runner
