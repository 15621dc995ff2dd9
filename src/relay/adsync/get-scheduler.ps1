. "$PSScriptRoot/adsync.ps1"
Write-EngineAnswer {
    $scheduler = Get-ADSyncScheduler
    $version = Get-ADSyncGlobalSettings | ForEach-Object { $_.Parameters } |
        Where-Object { $_.Name -eq 'Microsoft.Synchronize.ServerConfigurationVersion' } | ForEach-Object { [string]$_.Value }
    @{
        version                             = Format-Text $version
        stagingModeEnabled                  = [bool]$scheduler.StagingModeEnabled
        syncCycleEnabled                    = [bool]$scheduler.SyncCycleEnabled
        schedulerSuspended                  = [bool]$scheduler.SchedulerSuspended
        syncCycleInProgress                 = [bool]($scheduler.SyncCycleInProgress -or @(Get-ADSyncConnectorRunStatus).Count -gt 0)
        nextSyncCycleStartTimeInUtc         = Format-Time $scheduler.NextSyncCycleStartTimeInUTC
        currentlyEffectiveSyncCycleInterval = Format-Text $scheduler.CurrentlyEffectiveSyncCycleInterval
        nextSyncCyclePolicyType             = Format-Text $scheduler.NextSyncCyclePolicyType
    }
}
