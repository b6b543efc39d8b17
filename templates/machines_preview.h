#pragma once

#include "templates/document.h"
#include "templates/message.h"

#include <vector>

namespace slipway::templates {

/// What an apply will make known, or made known, to Ansible and Prometheus. Nothing when no machine is
/// touched.
enum class Tense { WillBe, Was };
Blocks machines_text(const MachinesShown& machines, Tense tense);

/// "+2 −1", for a narrow cell.
std::string machines_in_signs(const MachinesShown& machines);

}  // namespace slipway::templates
