param([Parameter(Mandatory = $true)][ValidateSet('Delta', 'Initial')][string]$PolicyType)
. "$PSScriptRoot/adsync.ps1"
Write-EngineAnswer {
    if ((Get-ADSyncScheduler).SchedulerSuspended) { return @{ started = $false; reason = 'suspended' } }
    if (@(Get-ADSyncConnectorRunStatus).Count -gt 0) { return @{ started = $false; reason = 'busy' } }
    try {
        $null = Start-ADSyncSyncCycle -PolicyType $PolicyType
        @{ started = $true }
    }
    catch {
        if ("$($_.Exception.Message)" -notmatch 'busy|already running|in progress') { throw }
        @{ started = $false; reason = 'busy' }
    }
}
