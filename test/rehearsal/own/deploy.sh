#!/bin/sh
set -eu
echo "$ROCKSOLID_TARGET $ROCKSOLID_VERSION" >>"$(cat live)"
