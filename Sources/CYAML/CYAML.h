// libyaml's parser, as it is: its functions and structures import into Swift without help.
#ifndef CYAML_H
#define CYAML_H

#include <yaml.h>

#endif
